"""Words of city life that mean the same, in both languages: one group a line.

They widen a query, as the synonyms of themes do, and are narrower than these: somebody who looks
for a « bicyclette » wants what is said of bicycles, and not all that is said of mobility. An
underscore holds several words together, which then count when all of them are typed. Words that
one spelling gives two meanings (« vol », « plan », « place ») stand in no group.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from search import analysis

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

GROUPS: Final = """
vélo bicyclette cyclisme cycliste bike bicycle cycling cyclist
piéton passant marcheur piste_piétonne pedestrian walker passer-by footfall
marche_à_pied marchabilité walking walkability
trottoir sidewalk pavement footpath
rue chaussée route voirie street road roadway
nid-de-poule pothole
revêtement asphalte bitume asphalt tarmac surfacing
auto automobile voiture véhicule car vehicle automobile
camion poids_lourd truck lorry
autobus bus
métro subway underground
tramway tram streetcar
transport_en_commun transport_collectif public_transit public_transport transit
billet titre_de_transport tarif ticket fare
stationnement parking
livraison logistique delivery freight logistics
circulation congestion bouchon embouteillage traffic congestion jam
carrefour intersection croisement crossing junction intersection
covoiturage carpooling ridesharing
autopartage carsharing
borne_de_recharge recharge_électrique charging_station charger
signalisation panneau signage sign
neige enneigement snow snowfall
déneigement déblaiement snow_removal snow_clearing snow_plowing plowing
andain windrow
glace verglas givre ice icy
hiver hivernal winter
sel abrasif salt grit deicing
tempête storm
poubelle ordures déchet détritus garbage waste trash rubbish refuse_collection
recyclage tri recyclable recycling sorting separation
compost compostage organique composting organic food_waste
malpropreté propreté saleté litter littering cleanliness
dépôt_sauvage dépotoir dépôt_illégal illegal_dumping fly-tipping dumping
collecte ramassage collection pickup
réemploi réutilisation réparation reuse repair
arbre canopée verdissement plantation tree canopy greening planting forestry
parc park
sentier piste trail path
jardin potager garden gardening
biodiversité faune flore biodiversity wildlife
espace_vert green_space
eau water
sécheresse drought
inondation crue débordement flood flooding
égout assainissement sewer wastewater
aqueduc eau_potable drinking_water
fuite leak leakage
pluie ruissellement rain rainwater stormwater runoff
air atmosphère atmosphere
pollution polluant smog pollutant contamination
bruit nuisance_sonore noise acoustic
chaleur canicule îlot_de_chaleur heat heatwave
climat climatique réchauffement climate warming
carbone gaz_à_effet_de_serre ges carbon emission greenhouse
énergie énergétique energy
électricité électrique electricity electric power
solaire photovoltaïque solar photovoltaic
chauffage heating
éclairage lampadaire luminaire lighting streetlight lamp
bâtiment immeuble édifice building
toit toiture roof rooftop
logement habitation hébergement housing dwelling
itinérance sans-abri sans_domicile homeless homelessness
refuge abri shelter
chantier construction travaux worksite construction roadworks
entrave obstruction fermeture_de_rue closure
patrimoine heritage
vacant inoccupé vacant empty unused
aîné personne_âgée retraité vieillesse senior elder elderly older_adult
isolement solitude isolation loneliness lonely
seul alone lonely
handicap incapacité mobilité_réduite disability disabled impairment
accessibilité accessibility
enfant jeunesse jeune child children youth young
famille parent family
école scolaire élève school pupil student
santé sanitaire médical health medical healthcare
hôpital clinique hospital clinic
vaccin vaccination vaccine
surdose toxicomanie drogue overdose drug addiction
violence trauma violent
crime criminalité délinquance crime antisocial
vol_de_vélo bike_theft bicycle_theft
sécurité sûreté safety security
urgence catastrophe sinistre emergency disaster
incendie feu pompier fire firefighter
police policier police
inscription enregistrement registration register enrolment
permis autorisation licence permit licence license authorization
règlement réglementation bylaw regulation
demande requête plainte request complaint
candidature candidater postuler
vie_privée confidentialité donnée_personnelle privacy confidentiality personal_data
renseignement_personnel personal_information confidentialité privacy confidentiality
effacer effacement supprimer suppression erase delete deletion
essai pilote projet_pilote trial pilot
verdict décision bilan decision
texto sms message_texte text_message sms texting
alerte notification avertissement alert notification warning
application appli app mobile_app
capteur sonde détecteur sensor detector
compter comptage dénombrer counting count counter
données data
donnée_ouverte open_data
carte cartographie map mapping
temps_réel real_time live
prévision prédiction forecast prediction
intelligence_artificielle ia ai artificial_intelligence machine_learning
numériser numérisation digitize digitization scanning
musée museum
bibliothèque library
culture culturel cultural
art artiste artistic
festival événement fête event
tourisme touriste touristique visiteur tourism tourist visitor
loisir récréation recreation leisure
sport sportif sports
foule achalandage affluence crowd crowding attendance
commerce commerçant boutique magasin détaillant retail shop store merchant
marché market
emploi travail job employment work
chômage chômeur unemployment unemployed
formation apprentissage training learning
immigrant immigration nouvel_arrivant newcomer immigrant
citoyen résident habitant citizen resident
participation consultation participation consultation engagement
budget budgétaire budget
achat approvisionnement marché_public procurement purchasing
fraude resquillage évasion fraud evasion
impôt taxe tax
entreprise compagnie société company business firm
jeune-pousse startup start-up jeune_entreprise startup
entrepreneur entrepreneuriat entrepreneur entrepreneurship
incubateur incubator
accélérateur accelerator
financement subvention fonds funding grant fund
investisseur investissement investor investment
technologie_propre cleantech écotechnologie clean_technology
technologie_financière fintech financial_technology
technologie_de_la_santé medtech healthtech health_technology
agriculture_urbaine urban_farming urban_agriculture
alimentation nourriture aliment food
atelier_de_fabrication fab_lab fablab makerspace
espace_de_travail cotravail coworking
robot robotique robotics robot
drone drone
jeu ludique game gaming
mode textile vêtement fashion clothing textile
aérospatiale aerospace
animal chien chat pet dog cat
rat rongeur vermine rodent pest
toilette vessie_publique toilet restroom
banc mobilier_urbain bench street_furniture
graffiti vandalisme vandalism graffiti
entretien maintenance upkeep maintenance
dommage bris dégradation damage defect
inspection contrôle surveillance monitoring inspection
gare station arrêt station stop
attente file_d'attente waiting queue
itinéraire trajet parcours itinerary journey
"""

# Letters that stand for several words: these are looked for, or the letters themselves.
SPELT_OUT: Final = {
    "ia": "intelligence artificielle",
    "ai": "artificial intelligence",
    "ets": "école de technologie supérieure",
    "cdl": "creative destruction lab",
    "hlm": "logement social",
}


class Equivalents(NamedTuple):
    """Stems of single words, by the words that mean the same."""

    by_stem: dict[str, frozenset[str]]
    # What counts only whole: all its stems, and the stems that mean the same.
    compounds: tuple[tuple[frozenset[str], frozenset[str]], ...]


@lru_cache(maxsize=1)
def equivalents() -> Equivalents:
    """The groups, stemmed in both languages."""
    by_stem: dict[str, set[str]] = defaultdict(set)
    compounds: list[tuple[frozenset[str], frozenset[str]]] = []
    for line in GROUPS.split("\n"):
        written = [entry.replace("_", " ") for entry in line.split()]
        single = {stem for entry in written if " " not in entry for stem in stems_of_both(entry)}
        for entry in written:
            if " " not in entry:
                for stem in stems_of_both(entry):
                    by_stem[stem] |= single
            elif single:
                for language in ("fr", "en"):
                    compounds.append(
                        (frozenset(analysis.stems(entry, language)), frozenset(single))
                    )
    return Equivalents({stem: frozenset(of) for stem, of in by_stem.items()}, tuple(compounds))


def stems_of_both(text: str) -> set[str]:
    """Stems of ``text`` in both languages; of a compound, the whole alone."""
    whole: list[str] = []
    for piece in analysis.pieces(text):
        compound = analysis.compound(piece)
        whole += [compound] if compound else analysis.WORDS[piece]
    return {analysis.stem(word, language) for word in whole for language in ("fr", "en")}


def expanded(words: Iterable[str]) -> dict[str, set[str]]:
    """For each folded word of a query, the stems of what means the same."""
    known = equivalents()
    stems = {w: {analysis.stem(w, language) for language in ("fr", "en")} for w in words}
    found = {w: {e for s in of for e in known.by_stem.get(s, ())} for w, of in stems.items()}
    typed = set().union(*stems.values()) if stems else set()
    for needed, others in known.compounds:
        if needed and needed <= typed:
            for word, of in stems.items():
                if of & needed:
                    found[word] |= others
    return {word: of for word, of in found.items() if of}


def spelt_out(pieces: Sequence[str]) -> tuple[list[str], dict[str, tuple[str, ...]]]:
    """The words of ``pieces``, letters that stand for several words spelt out.

    With each of these words, the stems of the letters.
    """
    words: list[str] = []
    short: dict[str, tuple[str, ...]] = {}
    before = ""
    for piece in pieces:
        # « j ai » is no intelligence.
        if piece in SPELT_OUT and before != "j":
            meant = analysis.words(SPELT_OUT[piece])
            short |= dict.fromkeys(meant, (piece,))
            words += meant
        else:
            words += analysis.WORDS[piece]
        before = piece
    return words, short
