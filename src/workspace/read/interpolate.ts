import { didYouMean } from '../../errors/did-you-mean.ts';
import { type Problems, quoted } from '../yaml/problems.ts';
import { mapScalars, type Scalar, type Tree } from '../yaml/tree.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Fills `${NAME}` and `${NAME:-default}` in every string; `$${` is a literal `${`. A variable that is set but empty counts as set. @param isTold whether `problems` are told in any case. */
export function interpolate(tree: Tree, env: Environment, problems: Problems, isTold = true): Tree {
  return mapScalars(tree, (scalar) => {
    if (typeof scalar.value !== 'string' || !scalar.value.includes('${')) return scalar;
    const { isUnset, ...filled } = fill(scalar, env, problems);
    return isTold && isUnset ? { ...filled, isUnset } : filled;
  });
}

const reference = /\$\$\{|\$\{([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?\}|\$\{/g;

function fill(scalar: Scalar, env: Environment, problems: Problems): Scalar {
  let fromVariable = false;
  let isUnset = false;
  const text = String(scalar.value).replace(reference, (match: string, name?: string, fallback?: string, otherwise?: string) => {
    if (match === '$${') return '${';
    if (name === undefined) {
      incomplete(scalar, problems);
      return match;
    }
    fromVariable = true;
    const value = (Object.hasOwn(env, name) ? env[name] : undefined) ?? (fallback === undefined ? undefined : (otherwise ?? ''));
    if (value === undefined) unset(scalar, name, env, problems);
    isUnset ||= value === undefined;
    return value ?? match;
  });
  return { ...scalar, value: text, text, fromVariable, ...(isUnset ? { isUnset } : {}) };
}

function unset(scalar: Scalar, name: string, env: Environment, problems: Problems): void {
  const near = didYouMean(
    name,
    Object.keys(env).filter((key) => env[key] !== undefined),
  );
  problems.add({
    code: 'HYG-1020',
    what: `The variable ${quoted(name)} is not set.${near === undefined ? '' : ` Did you mean ${quoted(near)}?`}`,
    tryThis: [`Set ${name}, add it to the .env file beside hygge.yml, or give a default: \`\${${name}:-default}\`.`],
    spot: spotOf(scalar, `\${${name}`),
  });
}

function incomplete(scalar: Scalar, problems: Problems): void {
  problems.add({
    code: 'HYG-1021',
    what: 'There is a `${` that does not name a variable.',
    tryThis: [`Write \`\${NAME}\` or \`\${NAME:-default}\`; for the two characters themselves write \`$\${\`.`],
    spot: spotOf(scalar, '${'),
  });
}

/** Where the reference is, inside a value that may be in quotes or go over several lines. */
function spotOf(scalar: Scalar, needle: string): Scalar['spot'] {
  const found = scalar.spot.source.text.indexOf(needle, scalar.spot.offset);
  return { source: scalar.spot.source, offset: found === -1 ? scalar.spot.offset : found };
}

export interface Templates {
  readonly entity: string;
  readonly flow: string;
  /** UTC date of the run's start, `YYYY-MM-DD`. */
  readonly date: string;
}

/** Fills `{entity}`, `{flow}` and `{date}`; other braces stay. */
export function fillTemplates(text: string, templates: Templates): string {
  return text.replace(/\{(entity|flow|date)\}/g, (_, name: keyof Templates) => templates[name]);
}

export function hasTemplate(text: string): boolean {
  return /\{(entity|flow|date)\}/.test(text);
}

/** A `{word}` that was probably meant to be a template, and which. */
export function misspeltTemplate(text: string): { readonly written: string; readonly meant: string } | undefined {
  for (const [written, word] of text.matchAll(/\{([A-Za-z_]+)\}/g)) {
    if (word === undefined || ['entity', 'flow', 'date'].includes(word)) continue;
    const meant = didYouMean(word, ['entity', 'entity_name', 'flow', 'flow_name', 'date']);
    if (meant !== undefined) return { written, meant: `{${meant.replace('_name', '')}}` };
  }
  return undefined;
}
