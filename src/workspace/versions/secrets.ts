import { ConfigError } from '../../errors/hygge-error.ts';
import { namesSecret } from '../../ports/secret.ts';
import { collectProblems, quoted } from '../yaml/problems.ts';
import { type Spot, whereIs } from '../yaml/source.ts';
import type { Tree } from '../yaml/tree.ts';
import { parseMapping } from '../yaml/yaml-tree.ts';
import type { VersionFiles } from './content.ts';

/** Secrets that are recognized under every key: a password in an address, a signature, the key of an account. */
export const looksSecret =
  /:\/\/[^\s/:@]*:[^\s/@]+@|[?&;]sig=[^&\s]{8}|\b(AccountKey|SharedAccessKey|SharedAccessSignature)=\S{8}|\bpassword\s*=\s*[^\s;]/i;
/** A default in `${NAME:-default}` counts as written out, too. */
const variable = /\$\{\w+(?::-([^}]*))?\}/g;

/** The sections in which values are settings. In other sections, a key may be the name of a column. */
const settings: ReadonlySet<string> = new Set(['home', 'store', 'connections', 'state', 'notify', 'heartbeat', 'journal']);

/** One error for each text that looks like a written-out secret, with file and line, in the order of files. */
export function secretsWritten(files: VersionFiles): readonly ConfigError[] {
  return [...files]
    .filter(([path]) => /\.ya?ml$/i.test(path))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([path, text]) => {
      const tree = parseMapping({ name: path, text }, collectProblems());
      return tree === undefined ? [] : secretsIn(tree, { key: '', inSettings: false });
    });
}

function secretsIn(tree: Tree, at: { readonly key: string; readonly inSettings: boolean }): readonly ConfigError[] {
  switch (tree.kind) {
    case 'list':
      return tree.items.flatMap((item) => secretsIn(item, at));
    case 'map':
      return [...tree.entries].flatMap(([key, { value }]) =>
        secretsIn(value, { key: at.key === 'heartbeat' ? at.key : key, inSettings: at.inSettings || settings.has(key) }),
      );
    case 'scalar': {
      if (typeof tree.value !== 'string' && typeof tree.value !== 'number') return [];
      const literal = tree.text.replace(variable, '$1');
      const named = at.inSettings && namesSecret(at.key) && literal !== '';
      return named || looksSecret.test(literal) ? [written(at.key, tree.spot)] : [];
    }
  }
}

function written(key: string, spot: Spot): ConfigError {
  return new ConfigError({
    code: 'HYG-1933',
    what: `${quoted(key)} has a secret that is written out in the file.`,
    why: ['Anyone who can read the container could read the secret, in this version and in every later one.'],
    tryThis: [
      `Write a variable there, and set the variable in the settings of the app: \`${key}: \${${key.toUpperCase().replace(/\W/g, '_')}}\``,
      'If the value is not a secret, push it unchanged: hygge config push --allow-secrets',
    ],
    // The line is shown only up to the value.
    where: whereIs(spot, spot.offset),
  });
}
