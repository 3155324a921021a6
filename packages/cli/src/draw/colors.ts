/** Colours that differ well on photographs and stay legible under white text. */
const COLORS = [
  "#d62728",
  "#1f77b4",
  "#2ca02c",
  "#9467bd",
  "#ff7f0e",
  "#17838f",
  "#c2185b",
  "#6d4c41",
  "#455a64",
  "#7b7b00",
];

export function colorOf(index: number): string {
  return COLORS[index % COLORS.length]!;
}
