import { Secret } from '../../ports/secret.ts';
import { assignmentsIn } from '../../ports/secrets/assignments.ts';

/** The content of a storage account's connection string. */
export interface ReadConnectionString {
  /** `https://acct.blob.core.windows.net`, without a slash at the end. */
  readonly blobUrl: string;
  /** The name of the account; null: the string contains only endpoints and a signature. */
  readonly account: string | null;
  readonly key: Secret | null;
  /** The shared access signature, without `?`; null: none. */
  readonly sas: Secret | null;
}

const emulator = {
  account: 'devstoreaccount1',
  // The key of the emulator. This key is public, and the same in every installation.
  key: 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==',
  blobUrl: 'http://127.0.0.1:10000/devstoreaccount1',
};

/**
 * The parts of a connection string; undefined: the string gives no access to blobs.
 * https://learn.microsoft.com/azure/storage/common/storage-configure-connection-string
 */
export function readConnectionString(text: Secret): ReadConnectionString | undefined {
  const parts = assignmentsIn(text.reveal());
  if (parts.get('usedevelopmentstorage')?.toLowerCase() === 'true')
    return { blobUrl: emulator.blobUrl, account: emulator.account, key: new Secret(emulator.key), sas: null };
  const account = parts.get('accountname') ?? null;
  const [key, sas] = [secretOf(parts.get('accountkey')), secretOf(parts.get('sharedaccesssignature')?.replace(/^\?/, ''))];
  const blobUrl = parts.get('blobendpoint')?.replace(/\/+$/, '') ?? (account && endpoint(account, parts));
  if (!blobUrl || !URL.canParse(blobUrl) || addressWithSecret(text) !== undefined) return undefined;
  return (account !== null && key !== null) || sas !== null ? { blobUrl, account, key, sas } : undefined;
}

/**
 * The name of an endpoint in a connection string that contains more than an address, such as a signature; undefined: none. Endpoints are shown in
 * messages and kept in the state, so a signature must be in its own part of the string.
 */
export function addressWithSecret(text: Secret): string | undefined {
  const parts = text
    .reveal()
    .split(';')
    .map((part) => part.trim());
  const found = parts.find((part) => /^\w+Endpoint\s*=/i.test(part) && /[?#@]|:\/\/[^/]*%40/i.test(part));
  return found?.slice(0, found.indexOf('=')).trim();
}

function endpoint(account: string, parts: ReadonlyMap<string, string>): string {
  return `${parts.get('defaultendpointsprotocol') ?? 'https'}://${account}.blob.${parts.get('endpointsuffix') ?? 'core.windows.net'}`;
}

const secretOf = (text: string | undefined): Secret | null => (text === undefined || text === '' ? null : new Secret(text));
