/** The sentence that is shown while one points at a link. */

export interface Tip {
  before: string;
  text: string;
  after: string;
  from: string;
  box: DOMRect;
}

let tip: Tip | null = $state.raw(null);
/** What the tip belongs to. */
let owner: Element | null = null;

export function shownTip(): Tip | null {
  return tip;
}

export function hideTip(): void {
  tip = null;
  owner = null;
}

/** Shows the sentence of an element while it is pointed at or has the focus. */
export function tipOf(words: () => Omit<Tip, "box"> | null): (node: Element) => () => void {
  return (node) => {
    const show = () => {
      const given = words();
      tip = given ? { ...given, box: node.getBoundingClientRect() } : null;
      owner = node;
    };
    // A node that is moved or taken out loses the focus in the middle of a rendering, in which no state may change.
    const hide = () => queueMicrotask(() => { if (owner === node) hideTip(); });
    const listeners: [string, () => void][] = [["mouseenter", show], ["focus", show], ["mouseleave", hide], ["blur", hide]];
    for (const [name, listener] of listeners) node.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of listeners) node.removeEventListener(name, listener);
      hide();
    };
  };
}
