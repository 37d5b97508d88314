import { didYouMean } from '../../errors/did-you-mean.ts';
import { ofUnresolved, unresolvedReference } from '../../errors/unresolved-setting.ts';
import { isSecretPlace, type Secret, type SecretLookup, secretNameOf, vaultText } from '../../ports/secret.ts';
import type { SecretValues } from '../../ports/secrets/values.ts';
import { type Problem, type Problems, quoted } from '../yaml/problems.ts';
import { isSecretKeyName } from '../yaml/secret-lines.ts';
import { mapScalars, type Scalar, type Tree } from '../yaml/tree.ts';
import { withWholePassword } from './database-urls.ts';
import type { VaultAnswers } from './secrets.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Fills `${NAME}` and `${NAME:-default}` in every string; `$${` is a literal `${`. A variable that is set but empty counts as set. A variable with an
 * unresolved vault reference counts as not set, but its default is not used. @param isTold whether `problems` are reported in any case.
 */
export function interpolate(tree: Tree, env: Environment, problems: Problems, { isTold = true, ...context }: FillContext = {}): Tree {
  return mapScalars(tree, (scalar, path) => {
    if (typeof scalar.value !== 'string') return scalar;
    if (isReference(scalar, problems)) return { ...scalar, ...(isTold ? { isUnset: true } : {}) };
    if (!scalar.value.includes('${')) {
      note(scalar.value, path, context.values);
      return withWholePassword(scalar, keyOf(path), problems);
    }
    const { isUnset, ...filled } = fill(scalar, { env, path, ...context }, problems);
    return isTold && isUnset ? { ...filled, isUnset } : withWholePassword(filled, keyOf(path), problems);
  });
}

interface FillContext {
  readonly isTold?: boolean;
  /** Values of variables that are missing in the environment; undefined: no such values. */
  readonly vault?: VaultAnswers | undefined;
  /** Variables that are not secret; see `isSecretPlace`. */
  readonly shown?: ReadonlySet<string>;
  /** Receives the secret values, and the values that the config allows to show. Absent: the filled-in values never leave the process. */
  readonly values?: SecretValues;
}

interface Variables extends Omit<FillContext, 'isTold'> {
  readonly env: Environment;
  readonly path: readonly string[];
}

const reference = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?\}|\$\{/g;

/** Items of a list count as values of the list’s key. */
function keyOf(path: readonly string[]): string {
  return path.findLast((key) => !/^\d+$/.test(key)) ?? '';
}

/** Whether the value of a key may be secret, also for keys that hygge does not use, such as `pwd`. */
function mayBeSecret(path: readonly string[]): boolean {
  return isSecretPlace(path) || isSecretKeyName(keyOf(path));
}

/** A literal header or parameter in the file counts as secret only if its name suggests a secret. A value such as `application/json` of `Accept` occurs in many texts, which must not be hidden. */
function note(written: string, path: readonly string[], values: SecretValues | undefined): void {
  if (!mayBeSecret(path)) values?.show(written);
  else if (isSecretKeyName(keyOf(path))) values?.add(written);
}

function fill(scalar: Scalar, { env, path, vault, shown, values }: Variables, problems: Problems): Scalar {
  let fromVariable = false;
  let isUnset = false;
  let isSecret: boolean | undefined;
  const text = String(scalar.value).replace(reference, (match: string, name?: string, fallback?: string, otherwise?: string) => {
    if (match === '$${') return '${';
    if (name === undefined) {
      incomplete(scalar, problems);
      return match;
    }
    fromVariable = true;
    const set = Object.hasOwn(env, name) ? env[name] : undefined;
    const value = set ?? heldFor(name, vault)?.reveal() ?? (fallback === undefined ? undefined : (otherwise ?? ''));
    const unresolved = value === undefined ? undefined : unresolvedReference(value);
    if (unresolved !== undefined) {
      problems.add({ ...ofUnresolved(name, unresolved), spot: spotOf(scalar, `\${${name}`) });
      isUnset = true;
      return match;
    }
    if (value === undefined && vault?.settings !== null) unset(scalar, name, { env, vault }, problems);
    isUnset ||= value === undefined;
    const isNamed = isSecretPlace(path);
    const isShown = isNamed && !isSecretPlace(path, name, shown);
    if (isNamed) isSecret = isSecret === true || !isShown;
    if (value !== undefined && values !== undefined) {
      if (!isShown && mayBeSecret(path)) values.add(value);
      else values.show(value);
    }
    return value ?? match;
  });
  return { ...scalar, value: text, text, fromVariable, ...(isSecret === undefined ? {} : { isSecret }), ...(isUnset ? { isUnset } : {}) };
}

/** Reports a vault reference in the config itself, because only settings of the platform may contain such a reference. */
export function isReference(scalar: Scalar, problems: Problems): boolean {
  const written = typeof scalar.value === 'string' ? unresolvedReference(scalar.value) : undefined;
  if (written === undefined) return false;
  const { system } = written;
  problems.add({
    code: 'HYG-1964',
    what: `A reference to ${system === 'Key Vault' ? 'a Key Vault' : 'an App Configuration'} is in the config, but nothing resolves references there.`,
    why: ['The platform resolves references only in settings of the app. Here the text itself would be the value.'],
    tryThis: [`Write a variable, \`\${NAME}\`, and add to the app the setting NAME, with the reference as its value`],
    spot: scalar.spot,
  });
  return true;
}

function heldFor(name: string, vault: VaultAnswers | undefined): Secret | undefined {
  const answer = vault?.looked.get(name);
  return answer !== undefined && 'secret' in answer ? answer.secret : undefined;
}

function unset(scalar: Scalar, name: string, { env, vault }: Pick<Variables, 'env' | 'vault'>, problems: Problems): void {
  const spot = spotOf(scalar, `\${${name}`);
  const lacking = vault && lackingIn(vault, name);
  if (lacking !== undefined) {
    problems.add({ ...lacking, spot });
    return;
  }
  const near = didYouMean(
    name,
    Object.keys(env).filter((key) => env[key] !== undefined),
  );
  problems.add({
    code: 'HYG-1020',
    what: `The variable ${quoted(name)} is not set.${near === undefined ? '' : ` Did you mean ${quoted(near)}?`}`,
    ...(vault && { why: whyNotAsked(vault, name) }),
    tryThis: [
      `Set ${name}, add it to the .env file next to hygge.yml, or give a default: \`\${${name}:-default}\`.`,
      ...(vault ? inTheApp(vault, name) : []),
    ],
    spot,
  });
}

const lacks: Readonly<Record<Extract<SecretLookup, { readonly lacks: unknown }>['lacks'], string>> = {
  unknown: 'has no secret',
  disabled: 'has only a disabled or deleted secret',
  empty: 'has nothing in',
  'not text': 'has no text in',
  'no name': 'can have no secret called',
};

/** The vault’s answer for a name; undefined: the vault was not asked for the name. */
function lackingIn({ settings, looked, same }: VaultAnswers, name: string): Omit<Problem, 'spot'> | undefined {
  if (settings === null) return undefined;
  const there = secretNameOf(name, settings);
  const other = same.get(name);
  if (other !== undefined)
    return {
      code: 'HYG-1099',
      what: `The variables ${quoted(name)} and ${quoted(other)} would be one secret of the vault.`,
      why: [`${vaultText(settings)} does not distinguish ${secretNameOf(other, settings)} from ${there}.`],
      tryThis: [
        'Give one of the two another name.',
        `Or set ${name} here, in the environment or in .env: hygge does not look up variables that are set.`,
      ],
    };
  const answer = looked.get(name);
  if (answer === undefined || 'secret' in answer) return undefined;
  return {
    code: 'HYG-1098',
    what: `The variable ${quoted(name)} is not set, and the vault ${lacks[answer.lacks]} ${quoted(there)}.`,
    why: [`The secret was looked up in ${vaultText(settings)}: ${answer.said}.`],
    tryThis: [
      answer.lacks === 'no name'
        ? 'Give the variable another name.'
        : `Put the secret into the vault as ${quoted(there)}${answer.lacks === 'disabled' ? ', or enable or restore the existing one' : ''}.`,
      `Or set ${name} here, in the environment or in .env.`,
    ],
  };
}

/** A vault is asked only for secrets, and only by commands that need secrets. */
function whyNotAsked({ settings, shown }: VaultAnswers, name: string): readonly string[] {
  const key = shown.get(name);
  if (settings === null) return [];
  return [
    key === undefined
      ? `${vaultText(settings)} was not queried: \`secrets\` works only on the command line, and only for places that a command opens.`
      : `${vaultText(settings)} is used for secrets only, and ${quoted(key)} is not a secret, so plans and messages show it.`,
  ];
}

/** In the function app, hygge does not ask the vault: an app setting refers to the secret, and the platform reads it. */
function inTheApp({ settings, shown }: VaultAnswers, name: string): readonly string[] {
  if (settings?.key_vault === undefined || shown.has(name)) return [];
  const address = `${settings.key_vault.replace(/\/$/, '')}/secrets/${secretNameOf(name, settings)}`;
  return [`In the function app, make it a setting that reads the same secret: @Microsoft.KeyVault(SecretUri=${address})`];
}

function incomplete(scalar: Scalar, problems: Problems): void {
  problems.add({
    code: 'HYG-1021',
    what: 'There is a `${` that does not name a variable.',
    tryThis: [`Write \`\${NAME}\` or \`\${NAME:-default}\`; for the two characters themselves write \`$\${\`.`],
    spot: spotOf(scalar, '${'),
  });
}

/** The position of the reference in a value that may be in quotes or span several lines. */
function spotOf(scalar: Scalar, needle: string): Scalar['spot'] {
  const found = scalar.spot.source.text.indexOf(needle, scalar.spot.offset);
  return { source: scalar.spot.source, offset: found === -1 ? scalar.spot.offset : found };
}

export interface Templates {
  readonly entity: string;
  /** The text that replaces `{entity}` in a path; absent: the text is made from the entity’s name. */
  readonly segment?: string;
  readonly flow: string;
  /** UTC date of the run's start, `YYYY-MM-DD`. */
  readonly date: string;
}

/** Fills `{entity}`, `{flow}` and `{date}`, and leaves other braces unchanged. */
export function fillTemplates(text: string, templates: Templates): string {
  return text.replace(/\{(entity|flow|date)\}/g, (_, name: 'entity' | 'flow' | 'date') => templates[name]);
}

export function hasTemplate(text: string): boolean {
  return /\{(entity|flow|date)\}/.test(text);
}

/** A `{word}` that was probably meant as a template, and the intended template. */
export function misspeltTemplate(text: string): { readonly written: string; readonly meant: string } | undefined {
  for (const [written, word] of text.matchAll(/\{([A-Za-z_]+)\}/g)) {
    if (word === undefined || ['entity', 'flow', 'date'].includes(word)) continue;
    const meant = didYouMean(word, ['entity', 'entity_name', 'flow', 'flow_name', 'date']);
    if (meant !== undefined) return { written, meant: `{${meant.replace('_name', '')}}` };
  }
  return undefined;
}
