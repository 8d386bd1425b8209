export const regions = { home: 'europe-west-1' };

export const poll = { deadline: 10 };
