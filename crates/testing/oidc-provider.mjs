// npm's oidc-provider for the tests. Argument: the folder of the package. Standard input: the clients and people,
// as JSON. It listens on a free port, prints its issuer on one line, and serves until it is stopped.
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

const load = (file) => import(pathToFileURL(join(process.argv[2], 'lib', file)));
const { Provider } = await load('index.js');
const { createMemoryAdapter } = await load('adapters/memory_adapter.js');
const { clients, people } = JSON.parse(await text(process.stdin));

const server = createServer();
await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
const issuer = `http://127.0.0.1:${server.address().port}`;

let keys = 0;
const drawKey = () => {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  keys += 1;
  return { ...key, use: 'sig', alg: 'RS256', kid: `test-${keys}` };
};
const names = [...new Set(people.flatMap(({ claims }) => Object.keys(claims)))];
const standard = {
  openid: ['sub'],
  profile: ['given_name', 'family_name', 'usual_name', 'crpcen', 'office_name', 'office_address'],
  email: ['email', 'email_verified'],
};
const withoutNull = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));

const configuration = {
  adapter: createMemoryAdapter(0),
  clients: clients.map(({ public_key, ...client }) => withoutNull({
    ...client,
    grant_types: ['authorization_code'],
    response_types: ['code'],
    id_token_signed_response_alg: 'RS256',
    jwks: public_key && { keys: [{ ...createPublicKey(public_key).export({ format: 'jwk' }), use: 'sig' }] },
  })),
  cookies: { keys: [randomBytes(16).toString('hex')] },
  claims: { acr: null, ...Object.fromEntries(names.map((name) => [name, [name]])), ...standard },
  conformIdTokenClaims: true,
  acrValues: [...new Set(people.map(({ acr }) => acr))],
  features: { devInteractions: { enabled: false }, jwtUserinfo: { enabled: true }, claimsParameter: { enabled: true } },
  pkce: { required: () => true },
  ttl: { AccessToken: 300, AuthorizationCode: 60, IdToken: 300, Grant: 3600, Interaction: 600, Session: 3600 },
  interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
  async findAccount(_context, subject) {
    const person = people.find(({ sub }) => sub === subject);
    return person && { accountId: subject, claims: async () => ({ sub: subject, ...person.claims }) };
  },
  // No question of consent: the providers of the State and of the notaries ask none either.
  async loadExistingGrant({ oidc }) {
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope([...oidc.requestParamScopes].join(' '));
    grant.addOIDCClaims([...oidc.requestParamClaims]);
    await grant.save();
    return grant;
  },
};

// The same provider, codes and sessions included, with a new key: what it signed before is no longer published.
let provider;
let serve;
const rotate = () => {
  provider = new Provider(issuer, { ...configuration, jwks: { keys: [drawKey()] } });
  serve = provider.callback();
};
rotate();

const page = `<!doctype html><html lang="fr"><meta charset="utf-8"><title>Connexion</title><h1>Connexion</h1>
<form method="post"><label>Identifiant <input name="login"></label><button>Se connecter</button>
<button name="cancel" value="1">Annuler</button></form>`;

async function interact(request, response) {
  if (request.method === 'GET') {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    return response.end(page);
  }
  const form = new URLSearchParams(await text(request));
  const person = people.find(({ sub }) => sub === form.get('login'));
  const result = form.get('cancel') || !person
    ? { error: 'access_denied', error_description: 'the person cancelled' }
    : { login: { accountId: person.sub, acr: person.acr } };
  return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
}

let discoveries = 0;
server.on('request', (request, response) => {
  if (request.url === '/test/rotate') {
    rotate();
    return response.end();
  }
  if (request.url === '/test/discoveries') return response.end(String(discoveries));
  if (request.url.startsWith('/.well-known/')) discoveries += 1;
  if (!request.url.startsWith('/interaction/')) return serve(request, response);
  return interact(request, response).catch((error) => {
    response.statusCode = 400;
    response.end(String(error));
  });
});
console.log(issuer);
