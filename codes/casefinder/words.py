"""Words of clinical notes that name no condition, or not by themselves. Pure data."""


def _words(block: str) -> frozenset[str]:
    return frozenset(block.split())


NORMAL = _words(
    """
    a&ox3 aaox3 acyanotic afebrile alert anicteric appropriate atraumatic benign clear comfortable
    cooperative ctab dry eomi equal good healthy intact moist nad ncat negative non-distended
    non-tender nondistended nontender nontoxic normal normoactive normocephalic oriented palpable
    patent perrl perrla pleasant reactive regular rrr soft stable steady supple symmetric
    symmetrical unremarkable warm well-developed well-nourished wnl
    """
)
"""What makes a finding of an examination a normal one."""

NOISE = _words(
    """
    a about administered admission admitted adult again age aged ago agreed agrees alone already
    also alternatives am an and another answered any appears appointment approx approximately
    april are around arrival arrived as assessment associated at august b be been began being
    benefits better bid both boy brought but by c call came can change changed changes check
    checked child clinic comes complaining complains complaint complaints concern concerns
    condition conditions consent consistent consult consultation contact continue continued
    continues continuing controlled could counselling current currently d daily daughter day days
    december decrease demonstrates department described describes developed diagnosed diagnoses
    diagnosis did discharge discharged discussed do doctor does done dose doses dr drug drugs due
    during each ed education eg either emergency endorses er etc evaluated evaluation even evening
    ever every exam examination examined explained f/u father february feeling feels felt female
    few find finding findings follow follow-up followup for found friday from gave gentleman get
    gets getting girl give given goal going gone got gradually had has have having he her here
    hers him his history home hour hours house how husband hx i ie impression improved improvement
    improving in include includes including increase increasing individual informed instructions
    into is issue issues it its january july june just known lady last later likely lives living m
    male man management many march may mcg me medication medications meds mg might ml monday month
    monthly months more morning most mother mr mrs ms much must my n/a na next night none nor
    notable note noted november now nurse obtain obtained october of office ok okay old on once
    ongoing only onset onto or order ordered other our over p past patient patient's patients per
    performed person physician pill pills placed plan planned plans po possible post prescribed
    prescription present presentation presented presenting presents prn problem problems
    progressive provider pt pts put qd qhs qid questions received receives recent recently recheck
    refer referred refill refilled remarkable repeat reported reports return revealed reveals
    reviewed risks room s same saturday says schedule scheduled seen september several shall she
    showed showing shows sign significant signs since so some son start started starting stated
    states status still stop stopped such sunday surgeon switch symptom symptoms tablet tablets
    take takes taking than that the their them then therapy there these they this those thursday
    tid time times to today together tolerated tomorrow tonight took transferred treated treatment
    treatments tuesday twice under undergo understands underwent units until up used uses using
    various very via visit vs w was we wednesday week weekly weeks well well-controlled went were
    what when where which while who whom whose why wife will with within without woman working
    works worse would x year years yes yesterday you your
    """
)
"""Words of every note; never searched for."""

WEAK = _words(
    """
    active acute anterior bilateral bilaterally bulging cause cells changed chronic class closed
    confirmed constant counseled debrided decreased distal drained elevated encounter excised
    first grade healing hospital incised increased initial intermittent large lateral layer left
    level like lower major medial mild minor moderate multiple new non open persistent positive
    posterior
    primary procedure proximal recurrent removed repaired replaced repleted right routine score
    second secondary sequela severe side sided small some spared stable stage subsequent sudden
    third tolerated type
    uncomplicated unspecified upper work worsening
    """
)
"""Words that qualify a condition and name none."""

MEASURES = _words(
    """
    a1c albumin alt ast bicarb bicarbonate bilirubin bnp bp bun calcium cbc chol cholesterol cr
    creat creatinine crp dbp ef egfr esr ferritin fio2 gcs glucose hb hba1c hct hdl hematocrit
    hemoglobin hgb hr inr iop k lactate ldh ldl lipase lvef map mcv mg na o2 phos phosphorus plt
    platelets potassium pressure psa pt pth ptt pulse rate respirations rr sao2 sat sats sbp
    score sodium spo2 temp temperature tmax triglycerides troponin tsh va weight wt bmi fhr wbc
    """
)
"""What is measured: its name, with a number or none, is no diagnosis (Guidelines III.B)."""

SITES = _words(
    """
    abdominal alveolar aortic apical articular ascending axillary basal biliary bronchial buccal
    cardiac carotid cecal cerebral cervical coccygeal coronary cranial cystic descending distal
    dorsal facial femoral forefoot frontal gastric great gluteal hepatic iliac ilioinguinal index
    inguinal intestinal lingual lobe lumbar mandibular maxillary mediastinal middle midfoot nasal
    occipital oral ovarian parietal pelvic peroneal plantar popliteal pulmonary radial renal ring
    sacral sciatic sigmoid spinal splenic temporal terminal thoracic tibial transverse ulnar ureter
    ureters uterine vaginal vascular vertebral buttock buttocks cheek chin ankles calves
    breasts cheeks ovary
    """
)
"""Words that say where: with parts of the body alone they are no finding."""

NUMBERED = _words(
    """
    category class degree factor grade gravida group hypertension i ii iii iv level para phase
    stage trimester type
    """
)
"""Words before a number that is part of a name, as in “type 2”."""

LETTERED = _words(
    """
    group hepatitis influenza vitamin
    """
)
"""Words before a capital that is part of a name, as in “vitamin D”."""

EMPTY = _words(
    """
    a an and at by due for from in of on or other the to with without
    """
)
"""Words of descriptors that say nothing."""

CLASSIFYING = _words(
    """
    acquired any classified female male
    condition conditions dependence difficulty disease diseases disorder disorders
    during each elsewhere encounter essential finding findings initial injection mellitus mg
    nec nos nonspecific not organism other otherwise part per region routine sequela site sites
    hcl hydrochloride specified state status subsequent symptoms syndrome type unilateral units
    unspecified up use
    """
)
"""Words of descriptors that a note need not say: they class a condition and name none."""

FUNCTIONS = _words(
    """
    appetite balance behavior blood body bowel bowels breathing cognition diet gait growth
    hearing heart heartbeat language memory menses mood movement nail nails oxygen posture pressure
    pulse pulses reflexes sensation skin sleep sleeping sleeps speech strength swallowing
    temperature urination vision voice weight
    """
)
"""What everybody has: alone it is no finding, though codes are named after its disorders."""

ORGANS = _words(
    """
    abdomen adenoids ankle aorta appendix arm arms artery back bladder bone brain breast bronchus
    calf canal cavity cervix chest colon cornea disc duct duodenum ear ears elbow elbows esophagus
    extremities extremity eye eyelid eyes face fascia finger fingers foot forearm gallbladder groin
    hand hands head hip hips intestine jaw joint kidney kidneys knee knees larynx leg legs lens limb
    limbs lip liver lobe lung lungs membrane mouth muscle neck nerve node nose ovaries ovary palate
    pancreas pelvis prostate quadrant rectum retina scalp shoulder shoulders sinus sinuses spine
    spleen stomach subcutaneous tendon thigh throat thumb thyroid tissue toe toes tongue tonsil
    tonsils tooth trachea tympanic urethra uterus vagina valve vein veins vessel wall wrist wrists
    """
)
"""Parts of the body: named alone they are no finding."""
