export const region = 'europe-west1;
