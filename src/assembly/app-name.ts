import { realHost } from '../adapters/real-host.ts';
import { settingIn } from '../errors/unresolved-setting.ts';
import type { Environment } from './app-config.ts';

/** The name that distinguishes a function app from other apps with the same storage account. Each slot and each laptop is a separate app. */
export function appName(env: Environment): string {
  const named = settingIn(env, 'HYGGE_APP');
  const { WEBSITE_SITE_NAME: site, WEBSITE_SLOT_NAME: slot, CONTAINER_APP_NAME: container } = env;
  if (named !== undefined && named !== '') return named.slice(0, 120);
  if (site === undefined || site === '') return container || realHost().self.host;
  return slot === undefined || slot === '' || slot.toLowerCase() === 'production' ? site : `${site}/${slot}`;
}
