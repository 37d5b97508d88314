import type { Network } from '../ports/network.ts';
import type { SecretLookup, Vault, VaultSettings } from '../ports/secret.ts';

/** The vault of a workspace or target, read with the signed-in identity. A process has one reader for each vault. Code is loaded and requests are sent only when a name is read. */
export function openVault(settings: VaultSettings, network: Network): Vault {
  return network.kept('vaults', JSON.stringify(settings), () => remembering(settings, network));
}

/** A missing secret is also requested only once, so that its value is the same during a whole run. */
function remembering(settings: VaultSettings, network: Network): Vault {
  const known = new Map<string, Promise<SecretLookup>>();
  let opened: Promise<Vault> | undefined;
  const ask = async (name: string): Promise<SecretLookup> => {
    opened ??= open(settings, network);
    return await (await opened).lookUp(name);
  };
  return {
    lookUp(name) {
      const asked = known.get(name) ?? ask(name);
      known.set(name, asked);
      return asked;
    },
  };
}

async function open({ key_vault, aws, google }: VaultSettings, network: Network): Promise<Vault> {
  if (key_vault !== undefined) return (await import('../remote/vaults/key-vault.ts')).keyVault(key_vault, network);
  if (aws !== undefined) return (await import('../remote/vaults/aws-secrets.ts')).awsSecrets(aws, network);
  return (await import('../remote/vaults/google-secrets.ts')).googleSecrets(google ?? '', network);
}
