/** A text as YAML takes it within `[…]` and `{…}`: in quotes where it would be something else. */
export function asYaml(text: string): string {
  return /^[A-Za-z_][\w.-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text) ? text : JSON.stringify(text);
}
