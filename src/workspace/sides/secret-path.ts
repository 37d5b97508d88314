import { namesSecret } from '../../ports/secret.ts';
import { type Problems, quoted } from '../yaml/problems.ts';
import { type MapNode, type Scalar, without } from '../yaml/tree.ts';
import { isUrl } from './paths.ts';
import type { SideRequest } from './side.ts';

/** Reports a password in an address, because every message with the address would show the password, and the settled data would contain it. */
export function hasSecretInside({ side, pieces, problems }: SideRequest, tree: MapNode): boolean {
  const before = problems.count;
  for (const piece of [pieces.flow, pieces.own, pieces.override]) if (piece) refuseSecret(piece, `The path of the ${side}`, problems);
  for (const [key, value] of addresses(without(tree, 'path'))) refuseSecret(value, `The ${quoted(key)} of the ${side}`, problems);
  return problems.count > before;
}

/** Whether the path of a map contains a secret. @param of the map’s name, such as `state`. */
export function holdsSecret(tree: MapNode, of: string, problems: Problems): boolean {
  const before = problems.count;
  for (const [key, value] of addresses(tree)) refuseSecret(value, quoted(`${of}.${key}`), problems);
  return problems.count > before;
}

function addresses(tree: MapNode): readonly (readonly [string, Scalar])[] {
  return [...tree.entries].flatMap(([key, { value }]) =>
    value.kind === 'scalar' && !namesSecret(key) && isUrl(value.text) ? [[key, value] as const] : [],
  );
}

function refuseSecret(written: Scalar, named: string, problems: Problems): void {
  if (!isUrl(written.text)) return;
  const signed = signature.test(written.text);
  if (!signed && !user.test(written.text) && !/^https?:\/\/[^/]*@/i.test(written.text)) return;
  problems.add({
    code: 'HYG-1034',
    what: `${named} has ${signed ? 'a signature' : 'a user'} in it.`,
    why: ['Addresses appear in messages, plans and the journal, and are stored with the data. Secrets must not appear there.'],
    tryThis: [
      signed
        ? `Cut the URL off before the \`?\`, and write the text after it in \`sas_token: \${SAS_TOKEN}\`.`
        : `Remove the text before the \`@\`. The keys of the connector contain the sign-in: \`user\` and \`password: \${PASSWORD}\` for a database, \`secret_access_key: \${SECRET_ACCESS_KEY}\` for a bucket.`,
    ],
    spot: written.spot,
    hideFrom: written.spot.source.keyless ? 0 : written.spot.offset,
  });
}

const user = /^[a-z][a-z0-9+.-]+:\/\/[^/@]*:[^/@]*@/i;
const signature = /[?&](sig|x-amz-(signature|credential|security-token)|x-goog-(signature|credential)|awsaccesskeyid|signature)=/i;
