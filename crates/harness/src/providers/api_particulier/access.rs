//! The way to a token of API Particulier: `DataPass`, as its users know it.

use crate::providers::{Access, Variable};

/// Where the public token of the staging is, in the repository that has the sandbox's data too.
macro_rules! public_token {
    () => {
        "https://raw.githubusercontent.com/datagouv/apistration/develop/mocks/tokens/default"
    };
}

pub(super) static ACCESS: Access = Access {
    token: Variable {
        name: "VIGIE_API_PARTICULIER_TOKEN",
        what: "a token (jeton) of API Particulier",
        how: concat!(
            "staging: the public token of the sandbox, ",
            public_token!(),
            "; production: ask for a habilitation on https://datapass.api.gouv.fr/api-particulier"
        ),
    },
    further: &[],
    steps: "\
A token (jeton) gives access to the data that your administration has a habilitation for. `vigie doctor` and every check need it.

  1. On https://datapass.api.gouv.fr/api-particulier, ask for a habilitation (demande d'habilitation), with a DataPass account.
     A software publisher (éditeur) does not ask: its public client, the collectivité or administration, does.
  2. Say who will implement the API (Qui implémentera l'API ?): your publisher, if it is in the list, or your own team of
     developers. Choose the form that is filled in for your use case (modèle pré-rempli), or \"Demande libre\".
  3. Fill it in: the project, the data that you need (each is a scope of the token), what you do with them, the legal
     framework (cadre juridique, with the délibération), and the contacts: responsable technique, délégué à la
     protection des données, responsable de traitement.
  4. After validation, an e-mail says on which portal you can copy the token, with the same account. It is yours alone:
     never send it by e-mail, and never paste it into a search engine.
  5. A token is valid for 18 months. Request a missing scope in the same habilitation.

  The sandbox (bac à sable, `--target staging`) needs no habilitation: its token is public, and its people are invented.
",
    scope: Some("request the data that you need in your habilitation"),
    staging: Some(concat!(
        "\
The sandbox (bac à sable) needs no habilitation. Its token is public, has every scope, and its people are invented.

  1. Get the token from `mocks/tokens/default` of https://github.com/datagouv/apistration:
       export VIGIE_API_PARTICULIER_TOKEN=$(curl -s ",
        public_token!(),
        ")
  2. It is sometimes replaced. If the sandbox rejects it, get it again.
"
    )),
};
