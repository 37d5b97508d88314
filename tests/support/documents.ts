/** Documents as they are compared: numbers by their exact digits, and a member that is null like one that is not there. */
export type Plain = string | boolean | null | readonly Plain[] | { readonly [name: string]: Plain } | { readonly number: string };

export const isNumber = (value: unknown): value is { number: string } => value !== null && typeof value === 'object' && 'number' in value;

export function numberText(source: string): string {
  if (/^-?\d+$/.test(source)) return BigInt(source).toString();
  const value = Number(source);
  return Number.isInteger(value) ? BigInt(value).toString() : String(value);
}

export function parsed(text: string): Plain {
  // TypeScript does not know of the third parameter yet.
  const reviver = (_: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' ? { number: numberText(context?.source ?? '') } : value;
  return withoutNulls(JSON.parse(text, reviver as (key: string, value: unknown) => unknown));
}

export function withoutNulls(value: unknown): Plain {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== 'object' || isNumber(value)) return value as Plain;
  const members = Object.entries(value).filter(([, member]) => member !== null);
  return Object.fromEntries(
    members.map(([name, member]) => [name, withoutNulls(member)]).sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  );
}
