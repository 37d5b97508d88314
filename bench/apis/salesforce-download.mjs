/** The rival: makes the jobs of Bulk API 2.0 that hygge makes, and only downloads their results: `salesforce-download.mjs <url> <objects> <lanes> <records of a page>`. It says how many records came. */
const [, , url, objects, lanes, most] = process.argv;
const fields = 'Id, IsDeleted, CreatedDate, SystemModstamp, Name, Amount, StageName, CloseDate, OwnerId, Email__c';
const version = `${url}/services/data/v62.0`;

const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: '3MVG9.client', client_secret: 'org-secret' });
const { access_token: token } = await (await fetch(`${url}/services/oauth2/token`, { method: 'POST', body: form })).json();
const headers = { authorization: `Bearer ${token}` };

async function asked(path, more = {}) {
  const answer = await fetch(`${version}/${path}`, { ...more, headers: { ...headers, ...more.headers } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

async function download(object) {
  const body = JSON.stringify({ operation: 'queryAll', query: `SELECT ${fields} FROM ${object} WHERE IsDeleted = false` });
  const job = await (await asked('jobs/query', { method: 'POST', body, headers: { 'content-type': 'application/json' } })).json();
  for (let waitMs = 500; ; waitMs *= 2) {
    await new Promise((done) => setTimeout(done, waitMs));
    const { state } = await (await asked(`jobs/query/${job.id}`)).json();
    if (state === 'JobComplete') break;
  }
  let records = 0;
  for (let locator = ''; locator !== 'null'; ) {
    const next = locator === '' ? '' : `&locator=${encodeURIComponent(locator)}`;
    const page = await asked(`jobs/query/${job.id}/results?maxRecords=${most}${next}`, { headers: { accept: 'text/csv' } });
    await page.arrayBuffer();
    records += Number(page.headers.get('sforce-numberofrecords'));
    locator = page.headers.get('sforce-locator');
  }
  return records;
}

let next = 0;
let records = 0;
async function lane() {
  while (next < Number(objects)) {
    const downloaded = await download(`Object${next++}__c`);
    records += downloaded;
  }
}
await Promise.all(Array.from({ length: Number(lanes) }, lane));
process.stdout.write(`${records}\n`);
