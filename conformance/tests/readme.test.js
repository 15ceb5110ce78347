import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { test } from 'node:test';
import descope from '@descope/node-sdk';

const sdk = descope({ projectId: 'Pxxxxxxxxxxxxxxxxxxxxxxxxxxx' });
const [covered, others] = (await readFile('README.md', 'utf8')).split('## What is covered')[1].split('## What is not');

// expanded is every method that a text names in backticks, with one for each of {a,b}.
function expanded(text) {
  return [...text.matchAll(/`([\w.]+)(?:\{([\w,]+)\})?`/g)].flatMap(([, name, choices]) =>
    choices ? choices.split(',').map((choice) => name + choice) : [name],
  );
}

const method = (name) => name.split('.').reduce((at, part) => at?.[part], sdk);

// rows are the methods of the table by the file that its last heading names.
const rows = {};
let file;
for (const line of covered.split('\n').filter((l) => l.startsWith('| ')).slice(1)) {
  const [, first] = line.split('|');
  const heading = first.match(/\*\*(\w+)\*\*/);
  if (heading) rows[(file = heading[1])] = [];
  else rows[file].push(...expanded(first));
}

test('every file of tests is in the table', async () => {
  const files = (await readdir('tests')).map((name) => name.replace('.test.js', '')).filter((name) => name !== 'readme');
  assert.deepEqual(Object.keys(rows).sort(), files.sort());
});

for (const [name, methods] of Object.entries(rows)) {
  test(`the methods in the table for ${name} are the SDK's, and its file calls them`, async () => {
    const text = await readFile(`tests/${name}.test.js`, 'utf8');
    assert.ok(methods.length > 0);
    for (const path of methods) {
      assert.equal(typeof method(path), 'function', path);
      for (const part of path.split('.')) assert.match(text, new RegExp(`\\b${part}\\b`), `${path}: ${part}`);
    }
  });
}

test('the SDK has no method of users, audit or sessions that the page does not name', () => {
  const named = new Set([...Object.values(rows).flat(), ...expanded(others)]);
  const families = ['otp', 'magicLink', 'enchantedLink', 'management.user', 'management.audit'];
  const known = [...families.flatMap((family) => methodsOf(method(family), family)), ...Object.keys(sdk).filter((k) => typeof sdk[k] === 'function')];
  const missing = known.filter((path) => !named.has(path));
  assert.deepEqual(missing, []);
});

function methodsOf(object, path) {
  return Object.entries(object).flatMap(([name, value]) =>
    typeof value === 'function' ? [`${path}.${name}`] : methodsOf(value, `${path}.${name}`),
  );
}
