/** A text as YAML within `[…]` and `{…}`. The text is in quotes if YAML would read it as another value. */
export function asYaml(text: string): string {
  return /^[A-Za-z_][\w.-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text) ? text : JSON.stringify(text);
}

type Value = string | number | boolean | readonly string[] | Readonly<Record<string, string>>;

/** A value as YAML within `[…]` and `{…}`. */
export function valueAsYaml(value: Value): string {
  if (typeof value === 'string') return asYaml(value);
  if (Array.isArray(value)) return `[${value.map(asYaml).join(', ')}]`;
  if (typeof value !== 'object') return String(value);
  const members = Object.entries(value).map(([name, text]) => `${name}: ${asYaml(text)}`);
  return `{ ${members.join(', ')} }`;
}

/** Some keys of a map with their values, in this order, as YAML: `{ from: since, cap: 100 }`. Keys without a value are left out. */
export function mapAsYaml<Name extends string>(
  names: readonly Name[],
  values: { readonly [K in Name]?: Value | undefined },
  written: (value: Value, name: Name) => string = valueAsYaml,
): string {
  const members = names.flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [`${name}: ${written(value, name)}`];
  });
  return `{ ${members.join(', ')} }`;
}
