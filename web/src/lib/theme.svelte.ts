/** Dark or light: as the system has it, until one chooses. */

const KEY = "polybius-theme";
const STEPS = ["", "light", "dark"] as const;
type Theme = (typeof STEPS)[number];

function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "";
  } catch {
    return "";
  }
}

let theme: Theme = $state(stored());

function apply(): void {
  if (theme) document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}
apply();

export function themeName(): string {
  return theme || "system";
}

/** System, light, dark, and round again. */
export function nextTheme(): void {
  theme = STEPS[(STEPS.indexOf(theme) + 1) % STEPS.length] ?? "";
  apply();
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Storage is switched off: the choice holds for this page.
  }
}
