import { escapeHtml } from "./escape-html";

/** A picture of `width` × `height` px that scales. */
export function svg(width: number, height: number, parts: readonly string[], title: string): string {
  const size = `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" font-family="sans-serif" font-size="12"><title>${escapeHtml(title)}</title>${parts.join("")}</svg>`;
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element with attributes around markup. */
export function element(name: string, attributes: Attributes, ...inner: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) =>
        ` ${key}="${escapeHtml(typeof value === "number" ? String(Number(value.toFixed(2))) : value!)}"`,
    );
  return `<${name}${written.join("")}>${inner.join("")}</${name}>`;
}

/** A `text` element. */
export function label(attributes: Attributes, text: string): string {
  return element("text", attributes, escapeHtml(text));
}
