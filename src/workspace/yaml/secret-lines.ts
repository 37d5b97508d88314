import { isMap, isScalar, isSeq, type Node, parseDocument, type YAMLMap } from 'yaml';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { namesSecret } from '../../ports/secret.ts';

/** Whether the value of a key must not be shown in a message, even if hygge does not know the key. */
export function isSecretKeyName(key: string): boolean {
  if (namesSecret(key)) return true;
  const name = key.toLowerCase().replaceAll('-', '_');
  if (/^(headers|auth|authorization|proxy_authorization|x_api_key|bearer|cookie|pass|pwd|dsn|sig|signature)$/.test(name)) return true;
  return didYouMean(key, secretKeys) !== undefined;
}

/** Common misspellings of secret keys. */
const secretKeys = [
  'password',
  'passphrase',
  'secret_access_key',
  'session_token',
  'sas_token',
  'client_secret',
  'connection_string',
  'webhook',
];

/** A single value or a list can only be addresses of webhooks, but a map has its own keys. */
export function hidesScalar(key: string): boolean {
  return key === 'notify' || isSecretKeyName(key);
}

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** The ranges of hidden values in a text, which may span several lines. Only YAML text is searched. */
export function secretRanges(text: string): readonly Range[] {
  const ranges: Range[] = [];
  const visit = (node: Node | null | undefined): void => {
    if (isSeq(node)) for (const item of node.items) visit(item as Node | null);
    if (!isMap(node)) return;
    for (const { key, value } of node.items as readonly { readonly key: unknown; readonly value: Node | null }[]) {
      const name = isScalar(key) ? String(key.value) : '';
      if (name === 'secrets' && isMap(value)) ofVault(value);
      else if (isMap(value) ? isSecretKeyName(name) : hidesScalar(name)) hide(value);
      else visit(value);
    }
  };
  // Below `secrets`, only the vault is shown: people may mistake `secrets` for a place to write secrets.
  const ofVault = (vault: YAMLMap): void => {
    for (const { key, value } of vault.items)
      if (!isScalar(key) || !['key_vault', 'aws', 'google', 'prefix'].includes(String(key.value))) hide(value as Node | null);
  };
  const hide = (node: Node | null): void => {
    const [start, end] = node?.range ?? [];
    if (start !== undefined && end !== undefined && !isReference(text.slice(start, end))) ranges.push({ start, end });
  };
  visit(parseDocument(text, { prettyErrors: false, uniqueKeys: false }).contents);
  return ranges;
}

/** Whether the value only names a variable. */
function isReference(value: string): boolean {
  return /^["']?\$\{\w+\}["']?\s*$/.test(value);
}
