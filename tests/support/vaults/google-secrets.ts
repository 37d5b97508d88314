import type { Host } from '../azure-hosts/hosts.ts';
import { type PlayedVault, playVault, type Question, type Reply } from './vault.ts';

/** Google Secret Manager: https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions/access */
export type GoogleSecrets = PlayedVault & Host & { isDenied: boolean };

const error = (code: number, status: string, message: string): Reply => ({ status: code, body: { error: { code, message, status } } });

/** @param knows whether a value of `authorization` is that of somebody. */
export function googleSecrets(project: string, knows: (authorization: string) => boolean): GoogleSecrets {
  const own = { serves: (asked: string) => asked === 'secretmanager.googleapis.com', isDenied: false };
  const answer = ({ method, path, query, headers }: Question, { secrets, asked }: PlayedVault): Reply | undefined => {
    const [, of, name] = /^\/v1\/projects\/([\w-]+)\/secrets\/([\w-]+)\/versions\/latest:access$/.exec(path) ?? [];
    if (method !== 'GET' || name === undefined || [...query].length > 0) return undefined;
    if (!knows(headers.authorization ?? '')) return error(401, 'UNAUTHENTICATED', 'Request had invalid authentication credentials.');
    asked.push(name);
    if (vault.isDenied || of !== project) return error(403, 'PERMISSION_DENIED', `Permission 'secretmanager.versions.access' denied.`);
    const kept = secrets.get(name);
    if (kept === undefined) return error(404, 'NOT_FOUND', `Secret [projects/1/secrets/${name}] not found or has no versions.`);
    const version = `projects/1/secrets/${name}/versions/${kept.version}`;
    if (kept.isDisabled) return error(400, 'FAILED_PRECONDITION', `Secret Version [${version}] is in DISABLED state.`);
    return { status: 200, body: { name: version, payload: { data: Buffer.from(kept.value).toString('base64'), dataCrc32c: '0' } } };
  };
  const vault: GoogleSecrets = Object.assign(
    playVault(answer, () => true),
    own,
  );
  return vault;
}
