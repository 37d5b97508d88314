/** Strings and marks of a JSON document. */
const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gs;

/** A name that occurs twice in an object of a valid document: databases with their own format of documents keep the last value. Undefined: there is none. */
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
