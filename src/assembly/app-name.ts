import { realHost } from '../adapters/real-host.ts';
import type { Environment } from './app-config.ts';

/** What tells one function app from others that share its storage account: a slot is an app of its own, and so is each laptop. */
export function appName(env: Environment): string {
  const { WEBSITE_SITE_NAME: site, WEBSITE_SLOT_NAME: slot } = env;
  if (site === undefined || site === '') return realHost().self.host;
  return slot === undefined || slot === '' || slot.toLowerCase() === 'production' ? site : `${site}/${slot}`;
}
