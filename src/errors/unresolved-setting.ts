import { assignmentsIn } from '../ports/secrets/assignments.ts';
import { ConfigError } from './hygge-error.ts';

/** A reference to a vault that the platform could not resolve. The setting then contains the reference, and not the secret’s value. */
export interface UnresolvedReference {
  readonly system: 'Key Vault' | 'App Configuration';
  /** The address or the name of the vault in the reference. Undefined: the reference names no vault. */
  readonly place: string | undefined;
  /** The name of the secret or of the key in the reference. Undefined: the reference names neither. */
  readonly name: string | undefined;
}

const start = /^[\s"']*@\s*Microsoft\s*\.\s*(KeyVault|AppConfiguration)\s*\(/i;

/**
 * Parses a setting's value that begins like a reference of the platform. As in the platform, case and blanks are ignored. Undefined: the value is
 * not a reference. https://learn.microsoft.com/azure/app-service/app-service-key-vault-references
 */
export function unresolvedReference(value: string): UnresolvedReference | undefined {
  const found = start.exec(value);
  if (found === null) return undefined;
  const system = found[1]?.toLowerCase() === 'keyvault' ? 'Key Vault' : 'App Configuration';
  const parts = assignmentsIn(value.slice(found[0].length).replace(/\)[\s"']*$/, ''));
  const uri = parts.get('secreturi');
  const [, host, secret] = /^https?:\/\/([^/]+)\/secrets\/([^/]+)/i.exec(uri ?? '') ?? [];
  return {
    system,
    place: host ?? (uri || undefined) ?? (parts.get('vaultname') || parts.get('endpoint') || undefined),
    name: secret ?? (parts.get('secretname') || parts.get('key') || undefined),
  };
}

interface Said {
  readonly code: 'HYG-1964';
  readonly what: string;
  readonly why: readonly string[];
  readonly tryThis: readonly [string, ...string[]];
}

/** The text of an error for a setting with an unresolved reference. All readers of settings use these sentences. */
export function ofUnresolved(setting: string, { system, place, name }: UnresolvedReference): Said {
  const vault = place === undefined ? `the ${system} that it names` : `the ${system} ${place}`;
  return {
    code: 'HYG-1964',
    what: `The setting \`${setting}\` is not set: it contains an unresolved reference to ${vault}.`,
    why: [
      `The platform could not read ${name === undefined ? 'the secret' : `\`${name}\``} there, and left the text of the reference in the setting.`,
      'hygge uses neither that text nor a default as the secret.',
    ],
    tryThis: [
      `Look at the reference's status in the app's settings, and give the app's identity the right to read ${system === 'Key Vault' ? 'secrets of the vault (Key Vault Secrets User)' : 'the store (App Configuration Data Reader)'}`,
      'Check that the vault has the secret, that the secret is enabled, and that the firewall allows the app. Then restart the app',
      `Outside of the app, set ${setting} to the value itself`,
    ],
  };
}

/** The value of an environment variable. Undefined: the variable is not set. Throws ConfigError HYG-1964 if the value is an unresolved reference. */
export function settingIn(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  const value = Object.hasOwn(env, name) ? env[name] : undefined;
  const unresolved = value === undefined ? undefined : unresolvedReference(value);
  if (unresolved !== undefined) throw new ConfigError(ofUnresolved(name, unresolved));
  return value;
}

/** Checks variables for libraries that read the environment themselves. Throws ConfigError HYG-1964 for the first variable that contains an unresolved reference. */
export function mustBeResolved(env: Readonly<Record<string, string | undefined>>, names: RegExp): void {
  for (const name of Object.keys(env)) if (names.test(name)) settingIn(env, name);
}
