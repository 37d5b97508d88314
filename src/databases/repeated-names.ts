/** The tokens of a JSON document that matter for names: strings, brackets, commas and colons. */
const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gs;

/** A name that occurs twice in one object of a valid document. Databases that store documents in their own format keep only the last value. Undefined: no name occurs twice. */
export function repeatedName(document: string): string | undefined {
  const objects: (Set<string> | null)[] = [];
  let isName = false;
  for (const [token] of document.matchAll(tokens)) {
    const [first] = token;
    if (first === '"') {
      const names = objects.at(-1);
      if (!isName || !names) continue;
      const name = JSON.parse(token) as string;
      if (names.has(name)) return name;
      names.add(name);
    } else if (first === '{' || first === '[') {
      objects.push(first === '{' ? new Set() : null);
      isName = first === '{';
    } else if (first === '}' || first === ']') {
      objects.pop();
      isName = false;
    } else if (first === ',') isName = objects.at(-1) != null;
    else isName = false;
  }
  return undefined;
}
