import { settingIn } from '../../errors/unresolved-setting.ts';

/** Who signs people and apps in to an account, by the end of its address: each national cloud has its own Entra ID. */

type Environment = Readonly<Record<string, string | undefined>>;

export const publicHost = 'login.microsoftonline.com';
/** https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud */
const nationalHosts: readonly (readonly [string, string])[] = [
  ['.chinacloudapi.cn', 'login.partner.microsoftonline.cn'],
  ['.azure.cn', 'login.partner.microsoftonline.cn'],
  ['.usgovcloudapi.net', 'login.microsoftonline.us'],
];

/** The host that gives out tokens for an account. AZURE_AUTHORITY_HOST, which Azure's SDKs know, says otherwise. @param accountUrl null: none of Azure's. */
export function authorityHost(accountUrl: string | null, env: Environment): string {
  const written = settingIn(env, 'AZURE_AUTHORITY_HOST') ?? '';
  if (written !== '') return URL.canParse(written) ? new URL(written).host : written.replace(/\/.*$/, '');
  const host = accountUrl !== null && URL.canParse(accountUrl) ? new URL(accountUrl).hostname.toLowerCase() : '';
  return nationalHosts.find(([end]) => host.endsWith(end))?.[1] ?? publicHost;
}
