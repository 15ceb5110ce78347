import assert from 'node:assert/strict';

const patience = '10s';

// Inbox reads what a project sent.
export class Inbox {
  constructor(project) {
    this.project = project;
  }

  // take waits for the message to the recipient, the only one that nobody has taken.
  async take(recipient) {
    const query = new URLSearchParams({ recipient, wait: patience });
    const { messages } = await this.project.admin('GET', `messages?${query}`);
    assert.equal(messages.length, 1, `one message to ${recipient}`);
    await this.project.admin('POST', `messages/${messages[0].id}/read`);
    return messages[0];
  }

  // code is that of the message to the recipient.
  async code(recipient) {
    const { code } = await this.take(recipient);
    assert.match(code, /^\d{6}$/);
    return code;
  }

  // token is that of the link in the message to the recipient.
  async token(recipient) {
    return tokenOf((await this.take(recipient)).link);
  }
}

// tokenOf is the token of a link, which is in its parameter t.
export function tokenOf(link) {
  const token = new URL(link).searchParams.get('t');
  assert.ok(token, `the link has a token: ${link}`);
  return token;
}
