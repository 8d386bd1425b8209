const region = () => 'europe-west1';
const project = Promise.resolve('acme');
const config: any = {
  project,
  region,
  source: new URL('https://europe-west1-docker.pkg.dev/acme/prod'),
  destinations: [null, new Map(), 5n],
  schedule: new Date(0),
  poll: { deadline: Number.NaN },
};

export default config;
