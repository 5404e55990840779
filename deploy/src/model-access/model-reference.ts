/** Where a model is called: what an id does not say and an ARN does. The account may be a CDK token. */
export interface Place {
  /** `aws`, `aws-cn`, `aws-us-gov` */
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** What a model id or ARN names. */
export type ModelReference =
  | { readonly kind: 'foundation-model'; readonly modelId: string; readonly place: Place }
  | { readonly kind: 'geographic-profile'; readonly profile: Profile; readonly regions: readonly string[] }
  | { readonly kind: 'global-profile'; readonly profile: Profile }
  /** An application inference profile or a prompt router: an ARN over models that it does not name. */
  | { readonly kind: 'application-profile' | 'prompt-router'; readonly arn: string; readonly place: Place }
  /** A resource of one's own that is called as it is: provisioned throughput, an imported model, a deployment. */
  | { readonly kind: 'own-model'; readonly arn: string }
  | { readonly kind: 'marketplace-endpoint'; readonly arn: string };

/** An inference profile that AWS defines, with the model in its name. */
export interface Profile {
  readonly arn: string;
  readonly modelId: string;
  /** Where it is called from. */
  readonly place: Place;
}
