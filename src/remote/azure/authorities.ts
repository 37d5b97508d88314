import { settingIn } from '../../errors/unresolved-setting.ts';

/** The token service of an account, by the end of its address: each national cloud has its own Entra ID. */

type Environment = Readonly<Record<string, string | undefined>>;

export const publicHost = 'login.microsoftonline.com';
/** https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud */
const nationalHosts: readonly (readonly [string, string])[] = [
  ['.chinacloudapi.cn', 'login.partner.microsoftonline.cn'],
  ['.azure.cn', 'login.partner.microsoftonline.cn'],
  ['.usgovcloudapi.net', 'login.microsoftonline.us'],
];

/** The host that issues tokens for an account. AZURE_AUTHORITY_HOST, which Azure's SDKs also use, replaces it. @param accountUrl null: not an account of Azure. */
export function authorityHost(accountUrl: string | null, env: Environment): string {
  const written = settingIn(env, 'AZURE_AUTHORITY_HOST') ?? '';
  if (written !== '') return URL.canParse(written) ? new URL(written).host : written.replace(/\/.*$/, '');
  const host = accountUrl !== null && URL.canParse(accountUrl) ? new URL(accountUrl).hostname.toLowerCase() : '';
  return nationalHosts.find(([end]) => host.endsWith(end))?.[1] ?? publicHost;
}
