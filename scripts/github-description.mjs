/**
 * Writes what the tests need of GitHub's own description of its API: for each list of our manifest its parameters, and the fields of a record.
 * From the file api.github.com.json of the npm package @octokit/openapi, which has 400 MB: `node scripts/github-description.mjs path/of/api.github.com.json`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './runtime.mjs';

const lists = [
  '/user/repos',
  '/orgs/{org}/repos',
  '/installation/repositories',
  '/repos/{owner}/{repo}/issues',
  '/repos/{owner}/{repo}/issues/comments',
  '/repos/{owner}/{repo}/pulls',
  '/repos/{owner}/{repo}/pulls/comments',
  '/repos/{owner}/{repo}/commits',
  '/repos/{owner}/{repo}/releases',
];

const whole = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8'));

const resolved = (node) =>
  node?.$ref === undefined
    ? node
    : resolved(
        node.$ref
          .split('/')
          .slice(1)
          .reduce((inside, step) => inside[step.replaceAll('~1', '/')], whole),
      );

/** By their names with dots. */
function fieldsOf(schema, above = '', into = {}) {
  const { properties = {}, required = [], allOf = [], anyOf = [], oneOf = [] } = resolved(schema) ?? {};
  for (const part of [...allOf, ...anyOf, ...oneOf]) fieldsOf(part, above, into);
  for (const [name, property] of Object.entries(properties)) {
    const { type = 'object', format } = resolved(property) ?? {};
    const path = above + name;
    into[path] ??= {
      type: [type].flat().join('|'),
      ...(format === undefined ? {} : { format }),
      ...(required.includes(name) ? { required: true } : {}),
    };
    if (path.split('.').length < 3) fieldsOf(property, `${path}.`, into);
  }
  return into;
}

const described = Object.fromEntries(
  lists.map((path) => {
    const { parameters, responses } = whole.paths[path].get;
    const query = parameters.map(resolved).filter((one) => one.in === 'query');
    const params = query.map(({ name, schema }) => {
      const { type, format, enum: values } = resolved(schema);
      return [name, { type, ...(format === undefined ? {} : { format }), ...(values === undefined ? {} : { enum: values }) }];
    });
    const body = resolved(resolved(responses[200]).content['application/json'].schema);
    const records =
      body.type === 'array' ? undefined : Object.keys(body.properties).find((name) => resolved(body.properties[name]).type === 'array');
    const record = records === undefined ? body.items : resolved(body.properties[records]).items;
    const fields = fieldsOf(record);
    const kept = Object.fromEntries(Object.entries(fields).filter(([name]) => !/_url$|(^|\.)url$/.test(name)));
    return [path, { ...(records === undefined ? {} : { records }), query: Object.fromEntries(params), fields: kept }];
  }),
);

const version = `@octokit/openapi ${whole.info.version}`;
writeFileSync(join(root, 'tests/support/apis/github/description.json'), `${JSON.stringify({ version, lists: described })}\n`);
