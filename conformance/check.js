import assert from 'node:assert/strict';

// good gives the data of an answer that the SDK says is good.
export async function good(answer) {
  const resp = await answer;
  assert.ok(resp.ok, `the SDK reports ${resp.code} ${JSON.stringify(resp.error)}`);
  assert.equal(resp.code, 200);
  assert.equal(resp.error, undefined);
  return resp.data;
}

// refused checks how the SDK surfaces a refusal, and gives its error.
export async function refused(answer, status, errorCode) {
  const resp = await answer;
  assert.equal(resp.ok, false, `the SDK reports success: ${JSON.stringify(resp.data)}`);
  assert.deepEqual([resp.code, resp.error.errorCode], [status, errorCode], resp.error.errorMessage);
  assert.ok(resp.error.errorDescription);
  assert.ok(resp.error.errorMessage);
  assert.equal(resp.error.message, resp.error.errorMessage);
  assert.equal(resp.data, undefined);
  return resp.error;
}

let people = 0;

// phone is a number, and email an address, that nobody has had in this file.
export const phone = () => `+1555${String((people += 1)).padStart(7, '0')}`;
export const email = () => `user-${(people += 1)}@example.test`;

// addressFor is a new address of a delivery method, and the names that the API has for it.
export function addressFor(method) {
  return method === 'email'
    ? { to: email(), field: 'email', verified: 'verifiedEmail', masked: 'maskedEmail' }
    : { to: phone(), field: 'phone', verified: 'verifiedPhone', masked: 'maskedPhone' };
}
