/** Sentences with holes: `{ratio:percent}` is filled with the field `ratio` as a percentage, `{text}` with the field as it came. */
import { duration, moment, percent, priceText, sizeText, usdText } from "../ui/format.ts";

export type Fields = Record<string, string>;

const kinds: Record<string, (text: string) => string> = {
  usd: usdText,
  percent,
  price: priceText,
  size: sizeText,
  seconds: (text) => duration(Number(text)),
  time: (text) => moment(Number(text)),
};

/** None where a field is missing: half a sentence would be worse than none. */
export function fill(
  template: string,
  fields: Fields,
  more: Record<string, (text: string) => string> = {},
): string | null {
  let whole = true;
  const text = template.replace(/\{(\w+)(?::(\w+))?\}/g, (_, name: string, kind?: string) => {
    const value = fields[name];
    if (value === undefined) {
      whole = false;
      return "";
    }
    const spoken = kind ? (more[kind] ?? kinds[kind]) : undefined;
    return spoken ? spoken(value) : value;
  });
  return whole ? text : null;
}
