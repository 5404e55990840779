/** Where a model is called. An ARN contains these values, a model id does not. The account may be a CDK token. */
export interface Place {
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

/** The resource that a model id or an ARN names. */
export type ModelReference =
  | { readonly kind: 'foundation-model'; readonly modelId: string; readonly place: Place }
  | { readonly kind: 'geographic-profile'; readonly profile: Profile }
  | { readonly kind: 'global-profile'; readonly profile: Profile }
  /** An application inference profile or a prompt router. The ARN does not name the models behind it. */
  | { readonly kind: 'application-profile' | 'prompt-router'; readonly arn: string; readonly place: Place }
  /** A model resource of the account: provisioned throughput, an imported model or a custom model deployment. */
  | { readonly kind: 'own-model'; readonly arn: string }
  | { readonly kind: 'marketplace-endpoint'; readonly arn: string };

/** An inference profile that AWS defines. Its id contains the model id. */
export interface Profile {
  readonly arn: string;
  readonly modelId: string;
  /** Where the profile is called. */
  readonly place: Place;
}
