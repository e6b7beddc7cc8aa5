/** Words that deny something, in English and Chinese. */
export const denial = /\b(?:no|not|never|none|nor|without|cannot|unable|refus\w*|\w+n['’]t)\b|[不没沒無无非未勿]/iu;
