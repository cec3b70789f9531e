/**
 * Offsets of the store count UTF-8 bytes, those of JavaScript UTF-16 units. A `ByteText` goes from one to the other.
 *
 * An offset inside a character is moved back to its beginning, one beyond the end to the end, so that no span can
 * cut a surrogate pair.
 */
export class ByteText {
  readonly text: string;
  /** Bytes before each block of `BLOCK` units; empty for plain ASCII, where both offsets are the same. */
  private readonly blocks: number[] = [];
  private readonly bytes: number;

  private static readonly BLOCK = 256;

  constructor(text: string) {
    this.text = text;
    let bytes = 0;
    let at = 0;
    let nextBlock = 0;
    while (at < text.length) {
      if (at >= nextBlock) {
        this.blocks.push(bytes);
        nextBlock += ByteText.BLOCK;
      }
      const code = text.codePointAt(at) ?? 0;
      bytes += byteLength(code);
      at += code > 0xffff ? 2 : 1;
    }
    this.bytes = bytes;
    if (bytes === text.length) this.blocks = [];
  }

  /** Length of the text in bytes. */
  get length(): number {
    return this.bytes;
  }

  /** The UTF-16 offset of a byte offset. */
  unit(offset: number): number {
    if (offset <= 0) return 0;
    if (offset >= this.bytes) return this.text.length;
    if (this.blocks.length === 0) return offset;
    const block = this.blockOf(offset);
    let bytes = this.blocks[block] ?? 0;
    let at = block * ByteText.BLOCK;
    // A pair that begins on the last unit of a block has its second half in the next.
    if (at > 0 && isLowSurrogate(this.text.charCodeAt(at))) at += 1;
    for (;;) {
      const code = this.text.codePointAt(at);
      if (code === undefined) return at;
      const size = byteLength(code);
      if (bytes + size > offset) return at;
      bytes += size;
      at += code > 0xffff ? 2 : 1;
    }
  }

  /** The words between two byte offsets. */
  slice(start: number, end: number): string {
    return this.text.slice(this.unit(start), this.unit(end));
  }

  private blockOf(offset: number): number {
    let low = 0;
    let high = this.blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.blocks[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

function byteLength(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
