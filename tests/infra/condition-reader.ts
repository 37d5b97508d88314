/** What a request asks of a service, as a condition sees it. */
export interface Asked {
  readonly action: string;
  readonly sub?: string;
  readonly path?: string;
  readonly prefix?: string;
}

/**
 * Whether a condition of a role assignment lets a request through, by its grammar: `!`, `AND`, `OR`, `NOT`, brackets, `ActionMatches{'…'}`,
 * `SubOperationMatches{'…'}` and comparisons of an attribute with a text. AND binds tighter than OR. What it does not know, it throws at.
 */
export function isAllowed(condition: string, asked: Asked): boolean {
  const words = condition.match(/ActionMatches\{'[^']*'\}|SubOperationMatches\{'[^']*'\}|@\w+\[[^\]]*\]|'[^']*'|[A-Za-z]+|[!()]/g) ?? [];
  if (words.join('') !== withoutSpaces(condition)) throw new Error(`what is in ${condition}?`);
  let at = 0;
  const next = (): string => words[at++] ?? '';
  const either = (): boolean => {
    let value = all();
    while (words[at] === 'OR') {
      at++;
      const other = all();
      value = value || other;
    }
    return value;
  };
  const all = (): boolean => {
    let value = one();
    while (words[at] === 'AND') {
      at++;
      const other = one();
      value = value && other;
    }
    return value;
  };
  const one = (): boolean => {
    const word = next();
    if (word === '!' || word === 'NOT') return !one();
    if (word === '(') {
      const value = either();
      if (next() !== ')') throw new Error(`no ) in ${condition}`);
      return value;
    }
    const [, what, named] = /^(\w+)\{'(.*)'\}$/.exec(word) ?? [];
    if (what === 'ActionMatches') return asked.action === named;
    if (what === 'SubOperationMatches') return asked.sub === named;
    return compared(attribute(word, asked), next(), next().slice(1, -1));
  };
  const value = either();
  if (at !== words.length) throw new Error(`${words.slice(at).join(' ')} is left of ${condition}`);
  return value;
}

function attribute(word: string, { path, prefix }: Asked): string | undefined {
  const blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs';
  if (word === `@Resource[${blobs}:path]`) return path;
  if (word === `@Request[${blobs}:prefix]`) return prefix;
  throw new Error(`what is ${word}?`);
}

function compared(value: string | undefined, operator: string, text: string): boolean {
  switch (operator) {
    case 'StringEquals':
      return value === text;
    case 'StringStartsWith':
      return value?.startsWith(text) ?? false;
    default:
      throw new Error(`what is ${operator}?`);
  }
}

/** Spaces outside of texts say nothing. */
function withoutSpaces(text: string): string {
  return text
    .split("'")
    .map((part, at) => (at % 2 === 0 ? part.replaceAll(' ', '') : part))
    .join("'");
}
