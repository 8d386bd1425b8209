export default 'projects/acme/locations/europe-west1/repositories/prod';
