// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { describe, expect, it } from 'vitest';
import { startS3Server } from '../support/s3-server/server.ts';
import { TestWorkspace } from '../support/workspace.ts';

describe('hygge debug', () => {
  it('names each permission that is missing in a bucket, and takes away what it can', async () => {
    await using server = await startS3Server();
    const bucket = server.bucket('lake');
    const { url, accessKeyId, secretAccessKey } = server;
    using workspace = new TestWorkspace({
      'flows/crm/flow.yml': `home: in\nstore: { path: "s3://lake/out", region: us-east-1, endpoint: "${url}", access_key_id: "${accessKeyId}", secret_access_key: "\${KEY}" }\n`,
    });
    await workspace.parquet('in/1.parquet', 'select 1 as id');
    const debug = () => workspace.run(['debug'], { env: { KEY: secretAccessKey } });

    const ready = await debug();
    expect([ready.code, ready.stderr]).toEqual([0, '']);
    expect(ready.stdout).toMatch(/ {2}role {6}s3:DeleteObject on arn:aws:s3:::lake\/(out\/)?\* {2}for crm\.crm, flows\/crm\/flow\.yml:2\n/);
    expect([...bucket.objects.keys(), ...bucket.uploads.keys()]).toEqual([]);

    server.forbid(({ request: { method, query } }) => method === 'DELETE' && !query.has('uploadId'));
    const noDelete = await debug();
    expect(noDelete.code).toBe(1);
    expect(noDelete.stdout).toMatch(/✗ store: HYG-6401 .*\n(.*\n)*? {6}try {2}.*s3:DeleteObject/);
    expect(noDelete.stdout).toContain('✗ store: the files that this check wrote could not be removed from s3://lake/out');
    expect(noDelete.stdout).not.toContain(secretAccessKey);

    bucket.objects.clear();
    server.forbid(({ request: { method } }) => method === 'PUT' || method === 'POST');
    const noWrite = await debug();
    expect(noWrite.stdout).toMatch(/✓ store: lists files in s3:\/\/lake\/out\n/);
    expect(noWrite.stdout).toMatch(/✗ store: HYG-6401 .*\n(.*\n)*? {6}try {2}.*s3:PutObject/);
    expect([...bucket.objects.keys(), ...bucket.uploads.keys()]).toEqual([]);
  });
});
