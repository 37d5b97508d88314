import { randomBytes } from 'node:crypto';
import { type Answered, type Asked, escaped, Refused, tag } from './asked.ts';
import { type KnownKey, signer } from './signature.ts';

/** Who may take roles, and for how long: https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html */
export class Roles {
  /** Roles that callers with keys may take, and the external id that each wants. */
  readonly trusted = new Map<string, string | undefined>();
  /** Roles that whoever shows one of these tokens may take. */
  readonly tokens = new Map<string, (token: string) => boolean>();
  /** Milliseconds. */
  lifetimeMs = 3_600_000;
  /** What was answered so far. */
  readonly given: { readonly action: string; readonly role: string; readonly session: string }[] = [];

  answer(request: Asked, keys: Map<string, KnownKey>, region: string): Answered {
    const form = new URLSearchParams(request.body.toString());
    const [action = '', role = '', session = ''] = ['Action', 'RoleArn', 'RoleSessionName'].map((name) => form.get(name) ?? '');
    if (action === 'AssumeRole') {
      if (signer(request, keys, { region, service: 'sts' }) === undefined) throw new Refused(403, 'MissingAuthenticationToken');
      if (!this.trusted.has(role) || this.trusted.get(role) !== (form.get('ExternalId') ?? undefined))
        throw new Refused(403, 'AccessDenied');
    } else if (action === 'AssumeRoleWithWebIdentity') {
      if (request.headers.authorization !== undefined) throw new Refused(400, 'InvalidAction');
      if (!this.tokens.get(role)?.(form.get('WebIdentityToken') ?? '')) throw new Refused(400, 'InvalidIdentityToken');
    } else throw new Refused(501, 'NotImplemented');
    this.given.push({ action, role, session });
    return { status: 200, headers: { 'content-type': 'text/xml' }, body: this.#body(action, role, keys) };
  }

  #body(action: string, role: string, keys: Map<string, KnownKey>): string {
    const [id, secret, token] = [
      `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
      ...[20, 60].map((n) => randomBytes(n).toString('hex')),
    ];
    const until = Date.now() + this.lifetimeMs;
    keys.set(id ?? '', { secret: secret ?? '', token: token ?? '', until, whose: role });
    const credentials = tag('AccessKeyId', id ?? '') + tag('SecretAccessKey', secret ?? '') + tag('SessionToken', token ?? '');
    const user = tag('AssumedRoleUser', tag('Arn', escaped(role)) + tag('AssumedRoleId', 'AROA:hygge'));
    const result = tag('Credentials', credentials + tag('Expiration', new Date(until).toISOString())) + user;
    return `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${tag(`${action}Result`, result)}</${action}Response>`;
  }
}

/** As STS words its errors, which is not as S3 does. */
export function roleError({ code }: Refused): string {
  return `<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">${tag('Error', tag('Type', 'Sender') + tag('Code', code) + tag('Message', 'So says the test.'))}</ErrorResponse>`;
}
