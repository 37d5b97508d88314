import { namesSecret } from '../ports/secret.ts';
import { isUrl } from './paths.ts';
import { quoted } from './problems.ts';
import type { SideRequest } from './side.ts';
import type { Mapping, Scalar } from './tree.ts';

/** Nobody's password belongs in an address: it would be in every message that names the place, and kept with what settled. */
export function hasSecretInside({ side, pieces, problems }: SideRequest, tree: Mapping): boolean {
  const before = problems.count;
  const refuse = (named: string, written: Scalar | undefined): void => {
    if (written === undefined || !isUrl(written.text)) return;
    const signed = signature.test(written.text);
    if (!signed && !user.test(written.text) && !/^https?:\/\/[^/]*@/i.test(written.text)) return;
    problems.add({
      code: 'HYG-1034',
      what: `${named} of the ${side} has ${signed ? 'a signature' : 'a user'} in it.`,
      why: ['An address is shown in messages, plans and the journal, and kept with what settled; a secret is not.'],
      tryThis: [
        signed
          ? `Cut the URL off before the \`?\`, and put what follows into \`sas_token: \${SAS_TOKEN}\`.`
          : `Remove what is before the \`@\`; the keys of the connector say who you are, such as \`secret_access_key: \${SECRET_ACCESS_KEY}\`.`,
      ],
      spot: written.spot,
      hideFrom: written.spot.source.keyless ? 0 : written.spot.offset,
    });
  };
  for (const piece of [pieces.flow, pieces.own, pieces.override]) refuse('The path', piece);
  for (const [key, { value }] of tree.entries)
    if (key !== 'path' && value.kind === 'scalar' && !namesSecret(key)) refuse(`The ${quoted(key)}`, value);
  return problems.count > before;
}

const user = /^[a-z][a-z0-9+.-]+:\/\/[^/@]*:[^/@]*@/i;
const signature = /[?&](sig|x-amz-(signature|credential|security-token)|x-goog-(signature|credential)|awsaccesskeyid|signature)=/i;
