/** Dates as the store has them, ISO text with a precision, as words. All of it is in UTC: a day is a day. */

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

interface Day {
  year: number;
  month: number;
  day: number;
}

/** The day of an ISO date or date-time, or `null`. */
export function dayOf(iso: string | null | undefined): Day | null {
  const match = /^([+-]?\d{4,6})-(\d{2})-(\d{2})/.exec(iso ?? "");
  if (!match) return null;
  return { year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) };
}

/** Milliseconds since 1970 at the beginning of the day, or `null`. */
export function timeOf(iso: string | null | undefined): number | null {
  const day = dayOf(iso);
  if (!day) return null;
  const date = new Date(0);
  date.setUTCFullYear(day.year, day.month - 1, day.day);
  return date.getTime();
}

function words(day: Day, withYear = true): string {
  const text = `${day.day} ${MONTHS[day.month - 1] ?? "?"}`;
  return withYear ? `${text} ${day.year}` : text;
}

/** `27 Apr 2018`; the text itself when it is no date. */
export function dayWords(iso: string | null | undefined): string {
  const day = dayOf(iso);
  return day ? words(day) : (iso ?? "");
}

/** `27 Apr 2018, 14:05` of a date-time. */
export function timeWords(iso: string | null | undefined): string {
  const clock = /T(\d{2}:\d{2})/.exec(iso ?? "")?.[1];
  const day = dayWords(iso);
  return clock ? `${day}, ${clock}` : day;
}

/** A stretch of days as precisely as it is known: `1953`, `Apr 2018`, `21–22 Jul 2020`, `30 Jun – 2 Jul 2020`, `by 3 May 2018`. */
export function rangeWords(
  start: string | null | undefined,
  end: string | null | undefined,
  precision = "day",
): string {
  const from = dayOf(start);
  if (precision === "open" && !(start && end)) return start ? `from ${dayWords(start)}` : end ? `by ${dayWords(end)}` : "";
  const to = dayOf(end) ?? from;
  if (!from || !to) return dayWords(start ?? end);
  if (precision === "year" && from.year === to.year) return String(from.year);
  if (precision === "month" && from.year === to.year && from.month === to.month) {
    return `${MONTHS[from.month - 1] ?? "?"} ${from.year}`;
  }
  if (from.year !== to.year) return precision === "year" || isWholeYears(from, to) ? `${from.year}–${to.year}` : `${words(from)} – ${words(to)}`;
  if (from.month !== to.month) return `${words(from, false)} – ${words(to)}`;
  return from.day === to.day ? words(from) : `${from.day}–${words(to)}`;
}

function isWholeYears(from: Day, to: Day): boolean {
  return from.month === 1 && from.day === 1 && to.month === 12 && to.day === 31;
}

/** A title without the days at its end, for where they stand beside it. */
export function withoutDays(title: string): string {
  return title.replace(/,\s+(?:\d{1,2}(?:\s+\p{L}+)?(?:\s+\d{4})?\s*[-–]\s*)?\d{1,2}\s+\p{L}+\s+\d{4}$/u, "");
}
