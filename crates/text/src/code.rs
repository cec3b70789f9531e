use serde::{Deserialize, Serialize};
use std::str::FromStr;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $word)] $variant),* }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [$name] = &[$($name::$variant),*];

            /// The word used in tables.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),* }
            }
        }

        impl FromStr for $name {
            type Err = ();
            fn from_str(word: &str) -> Result<$name, ()> {
                match word { $($word => Ok($name::$variant),)* _ => Err(()) }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

words!(
    /// The sixteen event types of PLOVER 1.3.
    EventType {
        /// Agree to a future act, accept, promise.
        Agree = "AGREE",
        /// Meet, visit, phone.
        Consult = "CONSULT",
        /// Diplomatic, non-material cooperation; approval.
        Support = "SUPPORT",
        /// Material cooperation.
        Cooperate = "COOPERATE",
        /// Give aid.
        Aid = "AID",
        /// Yield to a demand, without leaving ground.
        Concede = "CONCEDE",
        /// Withdraw, release, cease fire, resign.
        Retreat = "RETREAT",
        /// Ask, demand, call for.
        Request = "REQUEST",
        /// Criticise, allege, investigate.
        Accuse = "ACCUSE",
        /// Refuse, decline, veto.
        Reject = "REJECT",
        /// Threaten.
        Threaten = "THREATEN",
        /// Demonstrate, strike, riot.
        Protest = "PROTEST",
        /// Move or ready forces.
        Mobilize = "MOBILIZE",
        /// Break off, reduce relations, expel, convict.
        Sanction = "SANCTION",
        /// Arrest, ban, seize, censor.
        Coerce = "COERCE",
        /// Use force on people or property.
        Assault = "ASSAULT",
    }
);

words!(
    /// PLOVER quad classes.
    Quad {
        /// Verbal cooperation.
        VerbalCooperation = "verbal_cooperation",
        /// Material cooperation.
        MaterialCooperation = "material_cooperation",
        /// Verbal conflict.
        VerbalConflict = "verbal_conflict",
        /// Material conflict.
        MaterialConflict = "material_conflict",
    }
);

words!(
    /// PLOVER sectors: in what capacity an actor acts.
    Sector {
        /// Executive.
        Government = "GOV",
        /// Armed forces of a state.
        Military = "MIL",
        /// Legislature.
        Legislature = "LEG",
        /// Courts and prosecutors.
        Judiciary = "JUD",
        /// Political opposition.
        Opposition = "OPP",
        /// Armed rebels.
        Rebel = "REB",
        /// Paramilitary, allied with a state or not.
        Paramilitary = "PRM",
        /// Intelligence services.
        Spy = "SPY",
        /// Police.
        Police = "COP",
        /// Parties.
        Party = "PTY",
        /// Terrorist organisations.
        Terrorist = "UAF",
        /// Criminal groups.
        Criminal = "CRM",
        /// Civilians.
        Civilian = "CVL",
        /// Journalists as persons.
        Journalist = "JRN",
        /// Civil society.
        CivilSociety = "SOC",
        /// Business.
        Business = "BUS",
        /// Media.
        Media = "MED",
        /// Education.
        Education = "EDU",
        /// Religious bodies.
        Religious = "REL",
        /// Labour.
        Labour = "LAB",
        /// Farming.
        Agriculture = "AGR",
        /// Health.
        Health = "HLH",
        /// Refugees.
        Refugees = "REF",
        /// Former elites.
        Elite = "ELI",
        /// Judged by the rest: unspecified.
        Unspecified = "UNS",
    }
);

impl EventType {
    /// The quad class. SANCTION counts as material conflict, the manual's later reading.
    pub fn quad(self) -> Quad {
        use EventType::*;
        match self {
            Agree | Consult | Support | Concede => Quad::VerbalCooperation,
            Cooperate | Aid | Retreat => Quad::MaterialCooperation,
            Request | Accuse | Reject | Threaten => Quad::VerbalConflict,
            Protest | Mobilize | Sanction | Coerce | Assault => Quad::MaterialConflict,
        }
    }
}
