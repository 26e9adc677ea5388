export const legacy = () => 'old';
