/** The panel beside the page that shows the words on which something rests. */

/** Words of a document to be lit. */
export interface Target {
  doc_id: string;
  label: string;
  start: number;
  end: number;
}

class Reader {
  targets: readonly Target[] = $state.raw([]);
  /** Why it was opened, in a few words. */
  title = $state("");
  private opener: HTMLElement | null = null;

  get isOpen(): boolean {
    return this.targets.length > 0;
  }

  open(targets: readonly Target[], title = ""): void {
    if (targets.length === 0) return;
    const active = document.activeElement;
    if (!this.isOpen) this.opener = active instanceof HTMLElement ? active : null;
    this.targets = targets;
    this.title = title;
  }

  /** Closes the panel; what opened it has the focus again. */
  close(): void {
    this.targets = [];
    this.opener?.focus({ preventScroll: true });
    this.opener = null;
  }
}

export const reader = new Reader();

/** Takes a plain click; those that open a tab or a window are left to the browser. */
export function plainClick(event: MouseEvent): boolean {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return false;
  event.preventDefault();
  return true;
}
