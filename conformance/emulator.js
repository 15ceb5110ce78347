// The emulator as the tests see it: a process that is started for one file of tests, its
// projects, and the vendor's SDK for each of them.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after } from 'node:test';
import descope from '@descope/node-sdk';
import { Inbox } from './inbox.js';

const program = process.env.AUTHBENCH;

// start runs `authbench emulate` until the tests of the file have ended.
export async function start() {
  assert.ok(program, 'AUTHBENCH must name the authbench binary; README.md says how to make one');
  const child = spawn(program, ['emulate', '--json', '--listen', '127.0.0.1:0', '--admin-listen', '127.0.0.1:0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const kill = () => child.kill('SIGKILL');
  process.on('exit', kill);
  process.once('SIGTERM', () => process.exit(1));
  const exit = once(child, 'exit');
  after(async () => {
    child.kill('SIGTERM');
    await exit;
    process.off('exit', kill);
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = await Promise.race([
    once(lines, 'line'),
    exit.then(([code]) => assert.fail(`authbench emulate ended with ${code} before it was ready`)),
  ]);
  return new Emulator(JSON.parse(line));
}

// Emulator is a running emulator. `main` is the project that it begins with, which has
// the default policy.
class Emulator {
  constructor(ready) {
    this.baseUrl = ready.base_url;
    this.adminUrl = ready.admin_url;
    this.adminToken = ready.admin_token;
    this.main = new Project(this, ready);
    this.made = 0;
  }

  // admin calls the admin API and gives the document of the answer.
  async admin(method, path, body) {
    const resp = await fetch(`${this.adminUrl}/_ab/${path}`, {
      method,
      headers: { authorization: `Bearer ${this.adminToken}`, 'content-type': 'application/json' },
      body: body && JSON.stringify(body),
    });
    const text = await resp.text();
    assert.ok(resp.ok, `${method} ${path}: ${resp.status} ${text}`);
    return text && JSON.parse(text);
  }

  // project makes a project; settings that policy leaves out have their default.
  async project(policy) {
    this.made += 1;
    // As long as the service's IDs: the SDK looks for a region in a longer one.
    const id = `P${String(this.made).padStart(27, 'x')}`;
    return new Project(this, await this.admin('PUT', `projects/${id}`, { policy }));
  }
}

// Project is a project and the SDK of a backend that serves it.
class Project {
  constructor(emulator, made) {
    this.emulator = emulator;
    this.id = made.project_id;
    this.managementKey = made.management_key;
    this.authManagementKey = made.auth_management_key;
    this.inbox = new Inbox(this);
    this.sdk = this.client();
  }

  // client is the SDK, unmodified; options are the SDK's own.
  client(options) {
    return descope({ projectId: this.id, baseUrl: this.emulator.baseUrl, managementKey: this.managementKey, ...options });
  }

  admin(method, path, body) {
    return this.emulator.admin(method, `projects/${this.id}/${path}`, body);
  }
}
