import { describe, expect, it } from "vitest";
import { ByteText } from "../src/lib/bytes";
import { rangeWords, timeOf, withoutDays } from "../src/lib/dates";
import { csv, fileStem } from "../src/lib/download";
import { pieces } from "../src/lib/lit";
import { from, picture, to } from "../src/lib/network";
import { runs } from "../src/lib/runs";
import type { Edge } from "../src/lib/types";
import { webAddress } from "../src/lib/url";
import { shortened } from "../src/lib/words";

describe("bytes", () => {
  const texts = ["plain", "naïve café", "الكاظمي قال", "a😀b😀c", `${"é😀x".repeat(400)}end`, ""];

  it("agrees with an encoder at the beginning of every character", () => {
    for (const text of texts) {
      const words = new ByteText(text);
      let at = 0;
      let bytes = 0;
      for (const character of text) {
        expect(words.unit(bytes)).toBe(at);
        at += character.length;
        bytes += new TextEncoder().encode(character).length;
      }
      expect(words.length).toBe(bytes);
      expect(words.unit(bytes)).toBe(text.length);
    }
  });

  it("never cuts a character", () => {
    const words = new ByteText("a😀b");
    for (const offset of [1, 2, 3, 4]) expect(words.unit(offset)).toBe(1);
    expect(words.slice(2, 5)).toBe("😀");
    expect(words.unit(-4)).toBe(0);
    expect(words.unit(99)).toBe(4);
  });
});

describe("runs", () => {
  it("cuts where annotations overlap and leaves no gap", () => {
    const cut = runs(0, 10, [{ start: 2, end: 6, value: "a" }, { start: 4, end: 8, value: "b" }, { start: 9, end: 9, value: "empty" }]);
    expect(cut).toEqual([
      { start: 0, end: 2, values: [] },
      { start: 2, end: 4, values: ["a"] },
      { start: 4, end: 6, values: ["a", "b"] },
      { start: 6, end: 8, values: ["b"] },
      { start: 8, end: 10, values: [] },
    ]);
  });

  it("lights words inside a run that counts bytes", () => {
    const run = { text: "né à Rome", start: 100, end: 111, marks: [] };
    expect(pieces(run, [{ start: 107, end: 111 }]).map((p) => [p.text, p.lit])).toEqual([["né à ", false], ["Rome", true]]);
  });
});

describe("dates", () => {
  it("are as precise as they are known", () => {
    expect(rangeWords("2018-04-27", "2018-04-27")).toBe("27 Apr 2018");
    expect(rangeWords("2020-07-21", "2020-07-22")).toBe("21–22 Jul 2020");
    expect(rangeWords("2020-06-30", "2020-07-02")).toBe("30 Jun – 2 Jul 2020");
    expect(rangeWords("2018-04-01", "2018-04-30", "month")).toBe("Apr 2018");
    expect(rangeWords("1953-01-01", "1953-12-31", "year")).toBe("1953");
    expect(rangeWords("1970-01-01", "1979-12-31", "interval")).toBe("1970–1979");
    expect(rangeWords("2006-01-01", null, "open")).toBe("from 1 Jan 2006");
    expect(rangeWords(null, "2018-04-27", "open")).toBe("by 27 Apr 2018");
    expect(rangeWords(null, null)).toBe("");
    expect(rangeWords("soon", null)).toBe("soon");
  });

  it("before the year 100 stay in their century", () => {
    expect(new Date(timeOf("0079-08-24") ?? 0).getUTCFullYear()).toBe(79);
  });

  it("are left out of a title that ends with them", () => {
    expect(withoutDays("Leaders meet, 9-10 January 2023")).toBe("Leaders meet");
    expect(withoutDays("Leaders meet, 30 June - 2 July 2020")).toBe("Leaders meet");
    expect(withoutDays("The war of 1812, and 3 others")).toBe("The war of 1812, and 3 others");
  });
});

describe("words", () => {
  it("are cut between characters, at a space where one is near", () => {
    expect(shortened("one two three", 9)).toBe("one two…");
    expect(shortened("😀".repeat(9), 4)).toBe("😀😀😀…");
    expect(shortened("short", 9)).toBe("short");
  });
});

describe("addresses", () => {
  it("become links only when they lead to the web", () => {
    expect(webAddress("https://example.org/a b")).toBe("https://example.org/a%20b");
    for (const bad of ["javascript:alert(1)", " JAVASCRIPT:alert(1)", "data:text/html,x", "//example.org", "file:///etc/passwd", "", null]) expect(webAddress(bad)).toBeNull();
  });
});

describe("files", () => {
  it("quote cells and disarm formulas", () => {
    expect(csv(["a", "b"], [["x,\"y\"", 1], ["=1+1", null], ["two\nlines", undefined]])).toBe("a,b\r\n\"x,\"\"y\"\"\",1\r\n'=1+1,\r\n\"two\nlines\",\r\n");
  });

  it("have names that every file system takes", () => {
    expect(fileStem("Peru: 17 dead / \"airport\" ../..")).toBe("peru-17-dead-airport");
    expect(fileStem("...")).toBe("polybius");
  });
});

describe("network", () => {
  const edge = (a: string, b: string, n_origins: number): Edge => ({
    from: a, from_id: a, from_code: "", to: b, to_id: b, to_code: "", sign: "+", mutual: false, background: false, planned: false, n_origins, event_types: [], documents: [], spans: [],
  });
  const names = "abcdefghij".split("");
  const dense = names.flatMap((a) => names.filter((b) => b !== a).map((b) => edge(a, b, 2)));

  it("draws all edges where they can be told apart", () => {
    const drawn = picture([edge("a", "b", 3), edge("b", "c", 1)]);
    expect([drawn.nodes.length, drawn.curves.length, drawn.left, drawn.leftEdges]).toEqual([3, 2, 0, 0]);
  });

  it("leaves out edges of a dense net, but no actor of those it shows", () => {
    const drawn = picture([...dense, edge("j", "k", 1)]);
    expect(drawn.curves.length).toBe(30);
    expect(drawn.leftEdges).toBe(dense.length + 1 - 30);
    const ends = new Set(drawn.curves.flatMap((c) => [from(c.edge), to(c.edge)]));
    expect(drawn.nodes.every((n) => ends.has(n.id))).toBe(true);
  });
});
