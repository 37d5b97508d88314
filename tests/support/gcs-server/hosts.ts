import type { Host } from '../azure-hosts/hosts.ts';
import type { GcsServer } from './server.ts';

/** What each of Google's hosts is asked for. */
const paths: Readonly<Record<string, RegExp>> = {
  'storage.googleapis.com': /^(\/upload)?\/storage\/v1\//,
  'oauth2.googleapis.com': /^\/token$/,
  'sts.googleapis.com': /^\/v1\/token$/,
  'iamcredentials.googleapis.com': /^\/v1\/projects\/-\/serviceAccounts\//,
};

/** The real names, led to our server: each answers only what that host does. */
export function googleHosts(server: GcsServer): readonly Host[] {
  return Object.entries(paths).map(([name, path]) => ({
    serves: (host) => host === name,
    to: (from, to) => {
      if (path.test(from.url ?? '')) server.listener(from, to);
      else to.writeHead(404).end();
    },
  }));
}
