// Pages whose words would run if they were ever taken for markup.

import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Each of these must come out as the words that they are. */
export const PAYLOADS = [
  "<script>window.ran = 1</script>",
  "<img src=x onerror=\"window.ran = 1\">",
  "<svg onload=\"window.ran = 1\"><animate onbegin=\"window.ran = 1\" attributeName=x dur=1s></svg>",
  "</style><style>body { display: none !important }</style>",
  "<iframe srcdoc=\"<script>parent.ran = 1</script>\"></iframe>",
  "{@html '<b>bold</b>'} ${window.ran = 1} {{constructor.constructor('window.ran = 1')()}}",
  "<a href=\"javascript:window.ran = 1\">press</a>",
  "\" onmouseover=\"window.ran = 1\" x=\"",
  "<base href=\"https://elsewhere.example/\"><link rel=stylesheet href=https://elsewhere.example/x.css>",
  "<form action=https://elsewhere.example/><button autofocus onfocus=\"window.ran = 1\">",
];

/** An override that turns the rest of a line around, and its end. */
const OVERRIDE = "\u202etxet desrever\u202c";
/** An isolate that is never closed. */
const UNCLOSED = "\u2066\u202e";

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\"", "&quot;");

function article(title: string, paragraphs: readonly string[], address: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title>
<link rel="canonical" href="${escaped(address)}"><meta property="og:site_name" content="${escaped(`Courier ${PAYLOADS[1]}`)}">
<meta name="author" content="${escaped(`Ada ${PAYLOADS[0]}`)}"><meta property="article:published_time" content="2021-05-04T10:00:00Z"></head>
<body><article><h1>${escaped(title)}</h1>${paragraphs.map((p) => `<p>${escaped(p)}</p>`).join("\n")}</article></body></html>`;
}

/** Sentences that give events, quotes and claims, so that the words reach every view. */
function paragraphs(payload: string, n: number): string[] {
  return [
    `The president of Freedonia ${payload}, Rufus Firefly, met the prime minister of Sylvania, Ana Trentino, in Vienna on Tuesday, 4 May 2021, officials said.`,
    `"We will sign the accord ${payload} before the summer," President Firefly told reporters in Vienna.`,
    `Sylvania denied on Wednesday that its troops had attacked the border village ${payload} and accused Freedonia of lying.`,
    `About ${20 + n} people ${payload} were arrested by the police of Freedonia during a protest against the meeting.`,
    `Germany said it would send aid ${payload} to both countries next month. ${OVERRIDE} ${UNCLOSED}`,
  ];
}

/** Writes the pages: two accounts for each payload, scripts in addresses, a title of 200 kB, text that runs backwards. */
export function writeHostilePages(folder: string): void {
  PAYLOADS.forEach((payload, i) => {
    for (const account of ["a", "b"]) {
      const address = account === "a" ? "javascript:window.ran=1" : `https://elsewhere.example/${i}?<script>`;
      const title = `Firefly and Trentino meet in Vienna ${payload}`;
      writeFileSync(join(folder, `${String(i).padStart(2, "0")}${account}.html`), article(title, paragraphs(payload, i), address));
    }
  });
  const lines = [
    { url: "javascript:window.ran=1", title: "A title without an end. ".repeat(8_000), text: paragraphs("long", 50).join("\n\n"), date: "2021-05-04" },
    { url: "data:text/html,<script>window.ran=1</script>", title: `${UNCLOSED}${OVERRIDE} أخبار فيينا`, text: `${paragraphs("نص عربي", 51).join("\n\n")}\n\nاجتمع الرئيس برئيسة الوزراء في فيينا يوم الثلاثاء.`, date: "2021-05-04" },
    { url: "https://elsewhere.example/zalgo", title: `Z\u0351\u0352\u0353${"\u0300".repeat(400)} ${"w".repeat(5000)}`, text: paragraphs("w".repeat(3000), 52).join("\n\n"), date: "2021-05-05" },
  ];
  writeFileSync(join(folder, "lines.jsonl"), `${lines.map((line) => JSON.stringify(line)).join("\n")}\n`);
}
