import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Statement } from '../../infra/aws/policy.ts';
import { type Bucket, clientOf, noRadosgw, radosgwBucket } from '../support/radosgw.ts';
import { sampled } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { shore } from './shore.ts';

const once = randomBytes(4).toString('hex');
const names = { landing: `shore-landing-${once}`, lake: `shore-lake-${once}` };
const settings = `${shore['infra/prod.yml']}`.replace(/ {2}buckets:\n( {4}.*\n)+/, '');

/** The statements of the policy that a flow from one bucket to another is given, as they are rendered. */
async function granted(): Promise<readonly Statement[]> {
  const side = (bucket: string) =>
    `{ path: "s3://${bucket}/web", region: us-east-1, role_arn: "arn:aws:iam::123456789012:role/hygge-shore-web-5bvm1l0i", entra_audience: "api://hygge-aws" }`;
  using workspace = new TestWorkspace({
    'hygge.yml': 'name: Shore\n',
    'flows/web/flow.yml': `home: ${side(names.landing)}\nstore: ${side(names.lake)}\nentities: [visits]\n`,
    'infra/prod.yml': settings.replace(/apps: .*\n/, ''),
  });
  const { code, stderr } = await workspace.run(['infra', 'render', 'aws', '--target', 'prod', '--out', 'out']);
  expect([code, stderr]).toEqual([0, '']);
  const { Resources } = JSON.parse(readFileSync(workspace.path('out/template.json'), 'utf8')) as {
    Resources: Record<
      string,
      { Type: string; Properties: { Policies?: readonly { PolicyDocument: { Statement: readonly Statement[] } }[] } }
    >;
  };
  const roles = Object.values(Resources).filter(({ Type }) => Type === 'AWS::IAM::Role');
  expect(roles.length).toBe(1);
  return roles[0]?.Properties.Policies?.[0]?.PolicyDocument.Statement ?? [];
}

const missing = noRadosgw();

describe.skipIf(missing !== '')(
  `the rights that are rendered, under Ceph’s gateway${missing === '' ? '' : ` (skipped: ${missing})`}`,
  () => {
    let lake: Bucket;
    let owner: S3Client;
    /** Has every right; the destination knows it. */
    let loaded: TestWorkspace;
    let statements: readonly Statement[];
    const clients: S3Client[] = [];
    let roles = 0;

    const admin = (...args: readonly string[]): void => {
      execFileSync('radosgw-admin', ['-n', 'client.rgw', ...args], { env: { ...process.env, CEPH_CONF: lake.conf }, stdio: 'pipe' });
    };

    /** A role that may do exactly that. */
    function roleWith(policy: readonly Statement[]): string {
      const name = `role-${once}-${++roles}`;
      const trust = {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { AWS: ['arn:aws:iam:::user/hygge'] }, Action: ['sts:AssumeRole'] }],
      };
      admin('role', 'create', `--role-name=${name}`, `--assume-role-policy-doc=${JSON.stringify(trust)}`);
      const document = JSON.stringify({ Version: '2012-10-17', Statement: policy });
      admin('role-policy', 'put', `--role-name=${name}`, '--policy-name=hygge', `--policy-doc=${document}`);
      return `arn:aws:iam:::role/${name}`;
    }

    function workspaceAs(role: string): TestWorkspace {
      const side = (bucket: string, more = '') =>
        `{ type: s3, bucket: ${bucket}, path: web, region: us-east-1, endpoint: "${lake.endpoint}", sts_endpoint: "${lake.endpoint}", role_arn: "${role}", access_key_id: ${lake.accessKeyId}, secret_access_key: "\${KEY}"${more} }`;
      return new TestWorkspace({
        'flows/web/flow.yml': `home: ${side(names.landing, ', format: ndjson')}\nstore: ${side(names.lake)}\nrun_type: incremental\nwatermark: { column: id, key: [id] }\nentities: [visits]\n`,
      });
    }

    const run = (workspace: TestWorkspace, ...args: readonly string[]) => workspace.run(args, { env: { KEY: lake.secretAccessKey } });

    /** The service's own client, under a role. */
    function clientAs(RoleArn: string): S3Client {
      const region = 'us-east-1';
      const masterCredentials = { accessKeyId: lake.accessKeyId, secretAccessKey: lake.secretAccessKey };
      const credentials = fromTemporaryCredentials({
        masterCredentials,
        params: { RoleArn, RoleSessionName: 'test' },
        clientConfig: { endpoint: lake.endpoint, region },
      });
      const client = new S3Client({ endpoint: lake.endpoint, region, forcePathStyle: true, credentials });
      clients.push(client);
      return client;
    }

    beforeAll(async () => {
      lake = await radosgwBucket(names.lake);
      await radosgwBucket(names.landing);
      owner = clientOf(lake);
      clients.push(owner);
      statements = await granted();
      loaded = workspaceAs(roleWith(statements));
      const rows = (from: number) => Array.from({ length: 50 }, (_, id) => JSON.stringify({ id: from + id, name: `n${id}` })).join('\n');
      for (const [Bucket, Key] of [
        [names.landing, 'web/visits/1.ndjson'],
        [names.landing, 'other/secret.ndjson'],
        [names.lake, 'other/theirs.ndjson'],
      ])
        await owner.send(new PutObjectCommand({ Bucket, Key, Body: rows(0) }));
    });
    afterAll(() => {
      loaded[Symbol.dispose]();
      for (const client of clients) client.destroy();
    });

    test('are all that a flow needs: it is checked, loads, loads more, and starts again', async () => {
      const checked = await run(loaded, 'debug');
      expect([checked.code, checked.stdout, checked.stderr]).toEqual([0, expect.anything(), '']);
      const first = await run(loaded, 'go');
      expect([first.code, first.stdout]).toEqual([0, expect.stringContaining('PASS=1')]);
      const more = Array.from({ length: 50 }, (_, id) => JSON.stringify({ id: 50 + id, name: 'later' })).join('\n');
      await owner.send(new PutObjectCommand({ Bucket: names.landing, Key: 'web/visits/2.ndjson', Body: more }));
      for (const args of [['go'], ['go', '--full-drop']]) {
        const { code, stdout } = await run(loaded, ...args);
        expect([args, code, stdout]).toEqual([args, 0, expect.stringContaining('PASS=1')]);
      }
    });

    test('have none too many: without any one of them, checking the flow names that one', async () => {
      const actions = [...new Set(statements.flatMap(({ Action }) => Action))].filter((action) => action.startsWith('s3:'));
      expect(actions.length).toBe(7);
      // What is to be read and listed is there.
      expect((await run(loaded, 'go')).code).toBe(0);
      for (const action of sampled(actions, 3)) {
        const less = statements
          .map((one) => ({ ...one, Action: one.Action.filter((other) => other !== action) }))
          .filter(({ Action }) => Action.length > 0);
        using workspace = workspaceAs(roleWith(less));
        const { code, stdout, stderr } = await run(workspace, 'debug');
        expect([action, code, `${stdout}${stderr}`]).toEqual([action, 1, expect.stringContaining(action)]);
      }
    });

    test('reach nothing else: a neighbour’s objects and list, policies, uploads of another flow', async () => {
      const role = clientAs(roleWith(statements));
      const { UploadId } = await owner.send(new CreateMultipartUploadCommand({ Bucket: names.lake, Key: 'other/upload' }));
      const forbidden = [
        ['GetObject beside', () => role.send(new GetObjectCommand({ Bucket: names.landing, Key: 'other/secret.ndjson' }))],
        ['GetObject in the lake', () => role.send(new GetObjectCommand({ Bucket: names.lake, Key: 'other/theirs.ndjson' }))],
        ['ListObjects beside', () => role.send(new ListObjectsV2Command({ Bucket: names.landing, Prefix: 'other/' }))],
        ['ListObjects of a longer name', () => role.send(new ListObjectsV2Command({ Bucket: names.lake, Prefix: 'webcam/' }))],
        ['PutObject in the home', () => role.send(new PutObjectCommand({ Bucket: names.landing, Key: 'web/visits/9', Body: 'x' }))],
        ['PutObject beside', () => role.send(new PutObjectCommand({ Bucket: names.lake, Key: 'other/9', Body: 'x' }))],
        ['PutObject of a longer name', () => role.send(new PutObjectCommand({ Bucket: names.lake, Key: 'webcam/9', Body: 'x' }))],
        ['DeleteObject beside', () => role.send(new DeleteObjectCommand({ Bucket: names.lake, Key: 'other/theirs.ndjson' }))],
        ['DeleteObject in the home', () => role.send(new DeleteObjectCommand({ Bucket: names.landing, Key: 'web/visits/1.ndjson' }))],
        ['AbortMultipartUpload', () => role.send(new AbortMultipartUploadCommand({ Bucket: names.lake, Key: 'other/upload', UploadId }))],
        ['GetBucketPolicy', () => role.send(new GetBucketPolicyCommand({ Bucket: names.lake }))],
        ['PutBucketPolicy', () => role.send(new PutBucketPolicyCommand({ Bucket: names.lake, Policy: '{}' }))],
      ] as const;
      for (const [what, call] of forbidden) {
        const answer = await call().then(
          () => 'allowed',
          (error: { readonly $metadata?: { readonly httpStatusCode?: number } }) => error.$metadata?.httpStatusCode,
        );
        expect([what, answer]).toEqual([what, 403]);
      }
      await expect(role.send(new ListObjectsV2Command({ Bucket: names.landing, Prefix: 'web/visits/' }))).resolves.toMatchObject({
        Name: names.landing,
      });
    });
  },
);
